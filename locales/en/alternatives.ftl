# Kept copies of a draft
alternatives-title = Kept copies
alternatives-copy-title = A kept copy
alternatives-lead = Keep the draft as it is now before you try something else. A copy can be compared and made the draft again.
alternatives-name = Name
alternatives-note = Note
alternatives-at = Kept
alternatives-keep = Keep the draft
alternatives-keep-button = Keep a copy
alternatives-the-draft = the draft
alternatives-compare = Compare
alternatives-compare-title = Two drafts compared
alternatives-compare-button = Show the difference
alternatives-one = From
alternatives-other = To
alternatives-from-to = From “{ $one }” to “{ $other }”
alternatives-no-difference = They are the same.
alternatives-would-do = What making it the draft would do
alternatives-same = The draft is like this copy.
alternatives-blocks = { $count ->
    [one] 1 break or other block changes
   *[other] { $count } breaks or other blocks change
}
alternatives-gone = { $count ->
    [one] This session is not there any more and is skipped
   *[other] These { $count } sessions are not there any more and are skipped
}
alternatives-roomless = { $count ->
    [one] The room of this session is not there any more; it gets its time without a room
   *[other] The rooms of these { $count } sessions are not there any more; they get their times without a room
}
alternatives-newer = { $count ->
    [one] This session was made after the copy and loses its place
   *[other] These { $count } sessions were made after the copy and lose their places
}
alternatives-use = Make this the draft
alternatives-use-help = Only rooms and times change, not the sessions themselves. This is one step in the editor and can be undone there.
alternatives-delete = Delete this copy
alternatives-delete-help = The draft stays as it is. The copy can't be brought back.
alternatives-too-many = There are too many copies
alternatives-too-many-help = An event keeps up to 50. Delete one that you don't need. Nothing was changed.
alternatives-unchanged = The draft is already like this copy
alternatives-unchanged-help = Nothing was changed.
alternatives-changed = The draft has changed in the meantime
alternatives-changed-help = Nothing of yours was changed. Go back, look at the difference again, and decide.
alternatives-notice-kept = The copy is kept.
alternatives-notice-used = The draft is now like the copy. The editor can undo it in one step.
alternatives-notice-deleted = The copy is deleted.
