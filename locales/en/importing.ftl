import-link = Import
import-title = Register people from a file
import-lead = Upload a table with one person in each row. You see first what would change; nothing is kept before you say so.
import-file = File
import-file-hint = CSV in any usual encoding, or an Excel workbook of which the first sheet is read; at most { $most } rows.
import-usual-category = Category of rows that name none
import-usual-category-hint = Not needed where the table has a column “category”.
import-usual-category-none = Each row names its own
import-read = Show what would change
import-template = Empty table
import-columns = Columns
import-columns-lead = The first row names the columns, in any order and as many as you have. Empty cells take nothing away.
import-column = Column
import-column-or = Or
import-column-holds = What it holds

import-column-code = Registration number
import-column-category = Category
import-column-email = E-mail address
import-column-given-name = Given name
import-column-family-name = Family name
import-column-native-name = Name in its own script
import-column-honorific = Honorific
import-column-name-order = Order of names
import-column-organisation = Organisation
import-column-position = Position
import-column-country = Country
import-column-nationality = Nationality
import-column-language = Language of mails
import-column-state = State
import-column-priority = Priority
import-column-delegation = Delegation
import-column-remark = Remark of the desk

import-help-code = for people who are registered already
import-help-category = its word or its name
import-help-email = by this people are known again; people without an address are known by names, organisation and position
import-help-given-name = needed for whoever is new
import-help-family-name = needed for whoever is new
import-help-native-name = such as 李小龙
import-help-honorific = such as Dr, H.E., 教授
import-help-name-order = given_first or family_first; where it is empty, as is usual
import-help-organisation = ministry, company, university
import-help-position = office or job
import-help-country = its name or two letters
import-help-nationality = where it is not the country
import-help-language = its name or tag, such as en or zh
import-help-state = confirmed, applied or waitlisted; where it is empty, what is usual in the category
import-help-priority = from -100 to 100; who is offered places first
import-help-delegation = its word or its name; takes one of its places
import-help-remark = only the team sees it
import-help-question = the answer; choices by their words, several with ; between them

import-preview-title = What would change
import-refused = Nobody was registered
import-refused-help = You asked for all rows or none, and some can’t be taken. They stand below. Correct the file and upload it again, or take only the rows that are right.
import-new = New people
import-same = There already, nothing differs
import-other = There already, and the file says something else
import-wrong = Rows that can’t be taken
import-ignored = Columns that are not read
import-ignored-unknown = “{ $column }”: nothing is called that here.
import-ignored-sealed = “{ $column }”: the answers are sealed, and a table would hold them in clear. Ask the people themselves.
import-ignored-consent = “{ $column }”: people consent themselves, on their own page.
import-ignored-file = “{ $column }”: no cell holds a file.
import-ignored-twice = “{ $column }”: another column stands for the same.
import-faults = { $count ->
    [one] One row can’t be taken
   *[other] { $count } rows can’t be taken
}
import-faults-help = Rows are counted as in the file, its first line included.
import-row = Row { $row }: { $words }
import-row-head = Row
import-more-rows = { $count ->
    [one] and one more row
   *[other] and { $count } more rows
}
import-places = Places
import-left = Places left
import-unlimited = no limit
import-short = not enough
import-sample = The first of the new people
import-changes = { $count ->
    [one] Something else about one person
   *[other] Something else about { $count } people
}
import-changes-help = What people or colleagues typed stays as it is, unless you tick below that the file is right.
import-differs = What differs
import-fixed = Not changed by an import
import-fixed-help = These rows name another category, state or delegation than is kept. That stays as it is.
import-mode = What is taken
import-mode-all = All rows or none
import-mode-all-hint = If one can’t be taken after all, for example because the last place has just gone, nobody is registered.
import-mode-good = Only the rows that can be taken
import-mode-wrong-hint = All or none is not possible while rows can’t be taken.
import-updates = { $count ->
    [one] Change one person to what the file says
   *[other] Change { $count } people to what the file says
}
import-updates-hint = What stands there now is replaced. Empty cells change nothing.
import-tells = Send the new people their link and ticket by mail
import-tells-hint = In their language, within some minutes. People without an address get none.
import-take = { $count ->
    [one] Register one person
   *[other] Register { $count } people
}
import-take-changes = Make the changes
import-another = Choose another file
import-nothing-new = Everybody in this file is registered already, and nothing differs.
import-nothing-good = No row of this file can be taken as it is. Correct it and upload it again.
import-done-title = The file was taken
import-added = Registered
import-changed = Changed
import-left-alone = There already, left as they are
import-not-taken = Not taken
import-done-faults-help = All others were taken. Correct these rows and upload the file again: whoever is registered by now stays as they are.
import-untold = { $count ->
    [one] One mail with link and ticket is being written.
   *[other] { $count } mails with link and ticket are being written.
}
import-show = Show imported people

import-error-empty = The file holds no row with anybody in it. Check that it was saved, and that the first row names the columns.
import-error-no-column = The first row names no column that says who people are. It needs “email”, “given_name” or another of the names below.
import-error-code = No registration has this number. Correct it, or empty the cell to register somebody new.
import-error-category = name a category, or choose one for all rows above
import-error-unknown-category = There is no such category. Known are: { $known }
import-error-delegation = There is no delegation of this name. Add it first, or correct the name.
import-error-approval = An officer approves in this category. Leave the state empty, or let an officer import the file.
import-error-no-approval = Nobody approves in this category. Leave the state empty.
import-error-no-waiting-list = This category has no waiting list.
import-error-state = Write confirmed, applied or waitlisted, or leave it empty.
import-error-not-asked = This is not asked in the person’s category, or not with their other answers. Empty the cell.
import-error-other-address = The number belongs to somebody with another address. An import changes no address; correct one of the two.
import-error-ended = The registration has come to an end and can’t be changed.
import-error-twice = The same person stands in row { $row } already. Keep one of the two.
import-error-nobody = Neither an address nor a name says who this is.
import-error-priority = Enter a whole number from -100 to 100.
import-error-name-order = Write given_first or family_first.
import-error-category-full = Every place of the category is taken. Raise its limit, or put the person on the waiting list.
import-error-quota-full = A quota or a choice of the person has no place left. Raise its limit, or choose otherwise.
import-error-delegation-full = { $places ->
    [0] The delegation may send nobody in this category.
    [one] The delegation’s only place in this category is taken.
   *[other] All { $places } places of the delegation in this category are taken.
}
import-error-choice-full = A choice has no place left; nothing about the person was changed.
import-error-stale = Somebody changed this registration at the same moment; it was left as it is. Upload the file again.
