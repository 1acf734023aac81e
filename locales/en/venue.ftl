venue-rooms-title = Rooms
venue-rooms-empty = No rooms yet
venue-rooms-empty-help = Halls and rooms where sessions take place will be listed here.
venue-new-room-button = Add a room
venue-new-room-title = New room
venue-room-title = Room
venue-back-to-rooms = Rooms
venue-name = Name
venue-building = Building
venue-building-hint = Or the part of the venue, where that helps to find the way.
venue-code = Code
venue-code-hint = For signs and addresses: small letters, digits and hyphens. Left empty, it is made from the name.
venue-code-taken = Another room has this code
venue-capacity = Capacity
venue-capacity-hint = How many people it holds. Leave it empty where that does not matter.
venue-booths = Interpretation booths
venue-booths-hint = How many teams of interpreters can work here at the same time.
venue-channels = Channels
venue-channels-hint = Languages that can be heard here besides the floor, as tags: en, zh, fr.
venue-channels-wrong = Please enter language tags such as en, zh, fr
venue-position = Order
venue-position-hint = Rooms with small numbers come first. Left empty, a new room comes last.
venue-create-button = Add the room
venue-save-button = Save the room
venue-delete-link = Delete this room
venue-delete-room-title = Delete this room?
venue-delete-affects = { $count ->
    [0] No session is placed in it. The public programme stays as it is until the next release.
    [one] One session is placed in it. It keeps its time and has no room then. The public programme stays as it is until the next release.
   *[other] { $count } sessions are placed in it. They keep their times and have no room then. The public programme stays as it is until the next release.
}
venue-delete-button = Delete the room
venue-keep-link = Keep it
venue-notice-room-created = The room is added.
venue-notice-room-saved = The room is saved.
venue-notice-room-deleted = The room is deleted.
