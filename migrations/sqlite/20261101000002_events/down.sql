DROP TABLE membership_forums;
DROP TABLE memberships;
DROP TABLE formats;
DROP TABLE forums;
DROP TABLE rooms;
DROP TABLE event_keys;
DROP TABLE events;
