//! Tones: made for the phones, found again in recordings.

use std::f64::consts::TAU;
use std::path::Path;

use signalling::media::Law;

/// Samples of a tone at 8 kHz.
pub fn samples(hertz: f64, seconds: u32) -> Vec<i16> {
    let value = |n: u32| (TAU * hertz * f64::from(n) / 8_000.0).sin() * 12_000.0;
    (0..seconds * 8_000).map(|n| value(n).round() as i16).collect()
}

/// Writes a WAV file of one channel.
pub fn write_wav(path: &Path, samples: &[i16]) {
    let length = u32::try_from(samples.len() * 2).expect("small");
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(length + 36).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&[16, 0, 0, 0, 1, 0, 1, 0]);
    bytes.extend_from_slice(&8_000_u32.to_le_bytes());
    bytes.extend_from_slice(&16_000_u32.to_le_bytes());
    bytes.extend_from_slice(&[2, 0, 16, 0]);
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(path, bytes).expect("a file is written");
}

/// Writes bare octets of a law, found by trying all of them.
pub fn write_law(path: &Path, law: Law, samples: &[i16]) {
    let apart = |octet: u8, sample: i16| i32::from(law.sample(octet)).abs_diff(i32::from(sample));
    let octet =
        |sample: &i16| (0..=255).min_by_key(|o| apart(*o, *sample)).expect("one is nearest");
    std::fs::write(path, samples.iter().map(octet).collect::<Vec<u8>>()).expect("it is written");
}

/// The two channels of a recording.
pub fn channels(path: &Path) -> (Vec<i16>, Vec<i16>) {
    let bytes = std::fs::read(path).expect("a recording is read");
    let sample = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]);
    bytes[44..].chunks_exact(4).map(|four| (sample(&four[..2]), sample(&four[2..]))).unzip()
}

/// How much of a sound is a tone, from 0 to 1: the energy of one bin of a DFT against all.
pub fn share(samples: &[i16], hertz: f64) -> f64 {
    let (mut real, mut imaginary, mut energy) = (0.0, 0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let (angle, value) = (TAU * hertz * n as f64 / 8_000.0, f64::from(*sample));
        real += value * angle.cos();
        imaginary += value * angle.sin();
        energy += value * value;
    }
    let count = samples.len() as f64;
    if energy == 0.0 { 0.0 } else { 2.0 * (real * real + imaginary * imaginary) / count / energy }
}
