//! A talk with the client at a time: booked, held, missed.
