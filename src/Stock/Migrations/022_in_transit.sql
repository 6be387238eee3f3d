-- Serves the proof of what transfers have on their way, and the page of a transfer's moves: few of all moves go through there.
create index move_transit on stock.move (document_id, line) where to_location = 'TRANSIT' or from_location = 'TRANSIT';
