//! RTP packets and what is counted of a stream of them (RFC 3550).

/// A packet as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What the sound is coded in.
    pub payload_type: u8,
    /// The first packet after a silence.
    pub marker: bool,
    /// Its number.
    pub sequence: u16,
    /// Its place in time, in samples.
    pub timestamp: u32,
    /// The source it belongs to.
    pub source: u32,
    /// The coded sound.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads a datagram. `None` for what is no RTP of version 2 or lies about its length.
    pub fn read(datagram: &'a [u8]) -> Option<Self> {
        let (head, rest) = datagram.split_at_checked(12)?;
        let first = head[0];
        if first >> 6 != 2 {
            return None;
        }
        let mut payload = rest.get(usize::from(first & 15) * 4..)?;
        if first & 0x10 != 0 {
            let words = u16::from_be_bytes([*payload.get(2)?, *payload.get(3)?]);
            payload = payload.get(4 + usize::from(words) * 4..)?;
        }
        if first & 0x20 != 0 {
            let padding = usize::from(*payload.last()?);
            payload = payload.get(..payload.len().checked_sub(padding)?)?;
        }
        Some(Self {
            payload_type: head[1] & 0x7f,
            marker: head[1] & 0x80 != 0,
            sequence: u16::from_be_bytes([head[2], head[3]]),
            timestamp: u32::from_be_bytes([head[4], head[5], head[6], head[7]]),
            source: u32::from_be_bytes([head[8], head[9], head[10], head[11]]),
            payload,
        })
    }

    /// The packet as a datagram, without contributors, extension or padding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(12 + self.payload.len());
        bytes.push(0x80);
        bytes.push(self.payload_type & 0x7f | if self.marker { 0x80 } else { 0 });
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes.extend_from_slice(&self.source.to_be_bytes());
        bytes.extend_from_slice(self.payload);
        bytes
    }
}

/// What went over a leg, in packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Sent to it.
    pub sent: u64,
    /// Received from it, repeated ones too.
    pub received: u64,
    /// Missing among those it numbered.
    pub lost: u64,
    /// How unevenly they came, in milliseconds (RFC 3550 §6.4.1), at the end.
    pub jitter_ms: u32,
}

/// Counts what comes in from one leg.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    received: u64,
    expected: u64,
    stream: Option<Stream>,
    /// In sixteenths of a sample, as the RFC computes it.
    jitter: u64,
}

#[derive(Clone, Copy, Debug)]
struct Stream {
    source: u32,
    highest: u16,
    transit: i64,
}

impl Counter {
    /// Notes a packet that came at `now` milliseconds.
    pub fn note(&mut self, now: u64, packet: &Packet<'_>) {
        self.received += 1;
        let transit = i64::try_from(now).unwrap_or(0) * 8 - i64::from(packet.timestamp);
        let stream = self.stream.filter(|stream| stream.source == packet.source);
        let Some(mut stream) = stream else {
            self.expected += 1;
            let (source, highest) = (packet.source, packet.sequence);
            self.stream = Some(Stream { source, highest, transit });
            return;
        };
        let ahead = packet.sequence.wrapping_sub(stream.highest);
        // Half the numbers are ahead, half are late ones.
        if ahead < 0x8000 {
            self.expected += u64::from(ahead);
            stream.highest = packet.sequence;
        }
        let apart = transit.abs_diff(stream.transit);
        // A clock that leaps is no jitter.
        if apart < 8_000 {
            self.jitter = self.jitter + apart - (self.jitter + 8) / 16;
        }
        stream.transit = transit;
        self.stream = Some(stream);
    }

    /// What was counted, with what was sent the other way.
    pub fn statistics(&self, sent: u64) -> Statistics {
        let jitter_ms = u32::try_from(self.jitter / 16 / 8).unwrap_or(u32::MAX);
        let lost = self.expected.saturating_sub(self.received);
        Statistics { sent, received: self.received, lost, jitter_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u16, timestamp: u32) -> Packet<'static> {
        Packet { payload_type: 8, marker: false, sequence, timestamp, source: 7, payload: &[1, 2] }
    }

    #[test]
    fn what_is_written_is_read_and_what_lies_is_not() {
        let bytes = packet(65_535, 9).to_bytes();
        assert_eq!(Packet::read(&bytes), Some(packet(65_535, 9)));
        for (at, octet) in [(0, 0x40), (0, 0x8f), (0, 0x90), (0, 0xa0)] {
            let mut bytes = bytes.clone();
            bytes[at] = octet;
            bytes[13] = 200;
            assert_eq!(Packet::read(&bytes), None, "{octet:x}");
        }
        assert_eq!(Packet::read(&bytes[..11]), None);
    }

    #[test]
    fn gaps_are_lost_and_late_ones_are_not() {
        let mut counter = Counter::default();
        for (n, sequence) in [65_534_u16, 65_535, 2, 0, 3].into_iter().enumerate() {
            let n = u32::try_from(n).expect("small");
            counter.note(u64::from(n) * 20, &packet(sequence, n * 160));
        }
        let counted = counter.statistics(4);
        let expected = Statistics { sent: 4, received: 5, lost: 1, jitter_ms: 0 };
        assert_eq!(counted, expected);
    }

    #[test]
    fn jitter_grows_with_unevenness() {
        let mut counter = Counter::default();
        for n in 0..200_u32 {
            let late = u64::from(n % 2) * 10;
            counter
                .note(u64::from(n) * 20 + late, &packet(u16::try_from(n).expect("small"), n * 160));
        }
        assert!((8..=10).contains(&counter.statistics(0).jitter_ms));
    }
}
