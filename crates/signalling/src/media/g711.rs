//! G.711: the two laws of telephony, to and from linear samples (ITU-T G.711).

/// One of the two laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// A-law, payload type 8. What the trunks of Europe and Russia speak.
    Pcma,
    /// µ-law, payload type 0.
    Pcmu,
}

impl Law {
    /// Both, the preferred first.
    pub const ALL: [Self; 2] = [Self::Pcma, Self::Pcmu];

    /// The static payload type (RFC 3551 §6).
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::Pcma => 8,
            Self::Pcmu => 0,
        }
    }

    /// The name in a description of media.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcma => "PCMA",
            Self::Pcmu => "PCMU",
        }
    }

    /// An octet as a linear sample of 16 bits.
    pub fn sample(self, octet: u8) -> i16 {
        match self {
            Self::Pcma => ALAW[usize::from(octet)],
            Self::Pcmu => ULAW[usize::from(octet)],
        }
    }

    /// The same sound in another law, octet by octet.
    pub fn translate(self, to: Self, octet: u8) -> u8 {
        match (self, to) {
            (Self::Pcma, Self::Pcmu) => A_TO_U[usize::from(octet)],
            (Self::Pcmu, Self::Pcma) => U_TO_A[usize::from(octet)],
            _ => octet,
        }
    }
}

static ALAW: [i16; 256] = table(Law::Pcma);
static ULAW: [i16; 256] = table(Law::Pcmu);
static A_TO_U: [u8; 256] = nearest(&ALAW, &ULAW);
static U_TO_A: [u8; 256] = nearest(&ULAW, &ALAW);

const fn table(law: Law) -> [i16; 256] {
    let mut all = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        all[octet] = match law {
            Law::Pcma => alaw(octet as u8),
            Law::Pcmu => ulaw(octet as u8),
        };
        octet += 1;
    }
    all
}

/// Thirteen bits of A-law on sixteen: even bits inverted, eight segments of sixteen steps.
const fn alaw(octet: u8) -> i16 {
    let octet = octet ^ 0x55;
    let segment = (octet >> 4) & 7;
    let step = ((octet & 15) as i16) << 4;
    let size = match segment {
        0 => step + 8,
        _ => (step + 0x108) << (segment - 1),
    };
    if octet & 0x80 == 0 { -size } else { size }
}

/// Fourteen bits of µ-law on sixteen: all bits inverted, a bias of 33 in units of four.
const fn ulaw(octet: u8) -> i16 {
    let octet = !octet;
    let segment = (octet >> 4) & 7;
    let size = ((((octet & 15) as i16) << 3) + 0x84) << segment;
    if octet & 0x80 == 0 { size - 0x84 } else { 0x84 - size }
}

/// For every octet of one law the octet of the other whose sample is nearest.
const fn nearest(from: &[i16; 256], to: &[i16; 256]) -> [u8; 256] {
    let mut all = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        let (mut best, mut least) = (0, i32::MAX);
        let mut other = 0;
        while other < 256 {
            let apart = (from[octet] as i32 - to[other] as i32).abs();
            if apart < least {
                (best, least) = (other, apart);
            }
            other += 1;
        }
        all[octet] = best as u8;
        octet += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_and_the_middle_of_both_laws_are_those_of_the_standard() {
        // Octet, sample: ITU-T G.711 tables 1 and 2, scaled to sixteen bits.
        for (octet, sample) in [(0xd5, 8), (0x55, -8), (0xaa, 32_256), (0x2a, -32_256)] {
            assert_eq!(Law::Pcma.sample(octet), sample, "A {octet:x}");
        }
        for (octet, sample) in [(0xff, 0), (0x7f, 0), (0x80, 32_124), (0x00, -32_124)] {
            assert_eq!(Law::Pcmu.sample(octet), sample, "µ {octet:x}");
        }
    }

    #[test]
    fn a_translation_stays_within_a_step() {
        for octet in 0..=255_u8 {
            let sample = i32::from(Law::Pcma.sample(octet));
            let other = Law::Pcma.translate(Law::Pcmu, octet);
            let apart = (sample - i32::from(Law::Pcmu.sample(other))).abs();
            assert!(apart <= 8 + sample.abs() / 16, "{octet:x}: {apart} off {sample}");
            assert_eq!(Law::Pcma.translate(Law::Pcma, octet), octet);
        }
    }
}
