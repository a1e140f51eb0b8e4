-- What is old is found to be forgotten without reading all that is kept.
CREATE INDEX deliveries_by_time ON deliveries (received_at);
