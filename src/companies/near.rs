//! Where a number is read: what stands before it is left out by whoever writes it down at home.
//!
//! The company's own country goes before the firm's: a town of Russia says that its numbers are
//! Russian, whoever calls there.

use super::zones;
use crate::values::Country;

/// The country and the town by whose habits a company's numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near<'a> {
    home: Country,
    city: Option<&'a str>,
}

impl<'a> Near<'a> {
    /// Of a company in a town, where the firm's own country is this one.
    pub const fn of(home: Country, city: Option<&'a str>) -> Self {
        Self { home, city }
    }
    /// The country whose numbers need no code.
    pub fn country(self) -> Country {
        let is_russian = |city: &str| zones::is_town(city) || zones::area_code(city).is_some();
        if self.city.is_some_and(is_russian) { Country::RU } else { self.home }
    }
    /// The landline code of the town, where it has but one.
    pub fn area(self) -> Option<&'static str> {
        self.city.and_then(zones::area_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_town_of_a_company_says_its_country_before_the_firm_does() {
        for (home, city, expected) in [
            (Country::GB, Some("Leeds"), (Country::GB, None)),
            (Country::GB, Some("Казань"), (Country::RU, Some("843"))),
            (Country::GB, Some(" москва "), (Country::RU, None)),
            (Country::GB, None, (Country::GB, None)),
            (Country::KZ, Some("Алматы"), (Country::KZ, None)),
            (Country::RU, Some("Leeds"), (Country::RU, None)),
        ] {
            let near = Near::of(home, city);
            assert_eq!((near.country(), near.area()), expected, "{home} {city:?}");
        }
    }
}
