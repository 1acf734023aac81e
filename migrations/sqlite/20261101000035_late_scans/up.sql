CREATE INDEX scans_event_received ON scans (event_id, received_at);
