DROP INDEX scans_event_received;
