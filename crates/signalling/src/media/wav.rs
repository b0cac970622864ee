//! The head of a WAV file with two channels of 16 bits at 8 kHz: the agent left, the far end
//! right.

/// Bytes of the head.
pub const HEAD: usize = 44;
/// Bytes of a frame: a sample of each channel.
pub const FRAME: u64 = 4;

/// The head before `bytes` of sound. Beyond 4 GiB, 37 hours, the length says its most.
pub fn head(bytes: u64) -> [u8; HEAD] {
    let length = u32::try_from(bytes).unwrap_or(u32::MAX - 36);
    let mut head = [0; HEAD];
    let parts: [(usize, &[u8]); 9] = [
        (0, b"RIFF"),
        (4, &length.saturating_add(36).to_le_bytes()),
        (8, b"WAVEfmt "),
        // Sixteen bytes of format: linear samples, two channels.
        (16, &[16, 0, 0, 0, 1, 0, 2, 0]),
        (24, &8_000_u32.to_le_bytes()),
        (28, &32_000_u32.to_le_bytes()),
        (32, &[4, 0, 16, 0]),
        (36, b"data"),
        (40, &length.to_le_bytes()),
    ];
    for (at, part) in parts {
        head[at..at + part.len()].copy_from_slice(part);
    }
    head
}
