speakers-title = Speakers
speakers-new-title = New speaker
speakers-new-button = Add a speaker
speakers-create-button = Add the speaker
speakers-save-button = Save the speaker
speakers-delete-link = Delete this speaker
speakers-empty = No speakers yet
speakers-empty-help = People who speak, moderate or chair will be listed here.
speakers-none-found = Nobody fits
speakers-search = Name or organisation
speakers-name = Name
speakers-name-hint = In Latin letters, in the order its owner uses.
speakers-native-name = Name in its own script
speakers-native-name-hint = Such as 王晓明, Юлия Иванова or ليلى حداد.
speakers-position = Position
speakers-organisation = Organisation
speakers-country = Country or region
speakers-country-none = Not given
speakers-biography = Biography
speakers-email = E-mail
speakers-email-hint = Never shown to the public.
speakers-language = Language of mails
speakers-language-none = The event's main language
speakers-language-hint = In which we write to them.
speakers-photo = Photo
speakers-photo-of = Photo of { $name }
speakers-photo-choose = Choose a photo
speakers-photo-hint = JPEG, PNG or WebP, at least 320 pixels wide and high. Data hidden in it, such as the place, is removed.
speakers-photo-upload-button = Upload the photo
speakers-photo-remove-button = Remove the photo
speakers-no-sessions = In no session yet.
speakers-count = { $count ->
    [one] 1 speaker
   *[other] { $count } speakers
}
speakers-column-name = Name
speakers-column-organisation = Organisation and position
speakers-column-country = Country or region
speakers-column-sessions = Sessions
speakers-country-any = Any country
speakers-photo-any = With or without
speakers-photo-yes = With a photo
speakers-photo-no = Without a photo
speakers-unknown-language = Please choose a language from the list
speakers-photo-missing = Please choose a file first
speakers-photo-no-picture = This file is no picture that we can read. Please choose a JPEG, PNG or WebP file.
speakers-photo-too-large = This file is too large. Please choose one of at most { $megabytes } MB.
speakers-photo-too-many-pixels = This picture has too many pixels. Please choose one of at most { $max } pixels in width and height.
speakers-photo-too-small = This picture is too small. Please choose one of at least { $min } pixels in width and height.
speakers-photo-stale = Someone else changed this speaker in the meantime. What is stored now is shown here; please choose the photo again if it should still change.
speakers-delete-title = Delete this speaker?
speakers-delete-affects = { $sessions ->
    [0] They are in no session. The public programme stays as it is until the next release.
    [one] They are in one session and are taken out of it. The public programme stays as it is until the next release.
   *[other] They are in { $sessions } sessions and are taken out of them. The public programme stays as it is until the next release.
}
speakers-delete-button = Delete the speaker
speakers-notice-created = The speaker is added. You can add a photo now.
speakers-notice-saved = The speaker is saved. The public sees it with the next release.
speakers-notice-deleted = The speaker is deleted.
speakers-notice-photo-saved = The photo is saved. The public sees it with the next release.
speakers-notice-photo-removed = The photo is removed. It stays public until the next release.
