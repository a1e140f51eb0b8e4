//! Phone numbers, Meta's ids, our own ids: what is taken, and that nothing panics.

use std::cell::Cell;

use proptest::{prop_assert, prop_assert_eq, test_runner::TestRunner};
use whatsapp_inbox::id::{ChannelId, CommandId, FactId, OnboardingId, OperatorId, OrganisationId, TeamId, UserId};
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{BusinessManagerId, PhoneNumber, PhoneNumberError, PhoneNumberId, WabaId};

use crate::case::{ORGANISATION, OTHER_ORGANISATION};

#[test]
fn onboarding_details_whole_takes_a_number_of_7_to_15_digits() {
    for digits in [7, 8, 14, 15] {
        let text = &"491234567890123"[..digits];
        assert_eq!(PhoneNumber::new(text).expect(text).digits(), text.parse::<u64>().unwrap());
    }
    for digits in [1, 6, 16, 40] {
        let text = &"1".repeat(digits);
        let error = PhoneNumber::new(text).expect_err(text);
        assert_eq!(error, PhoneNumberError::Length { digits, given: text.clone() });
        assert_eq!((error.limit(), error.rule()), (Some(Limit::new(7, 15, "digits")), Rule::OnboardingDetailsWhole));
        assert!(error.to_string().contains("7 to 15 digits") && error.to_string().contains(text));
    }
    assert_eq!(PhoneNumber::new(&"9".repeat(15)).unwrap().to_string(), format!("+{}", "9".repeat(15)));
}

#[test]
fn onboarding_details_whole_takes_a_number_however_it_is_punctuated() {
    let wanted = PhoneNumber::new("16315551111").unwrap();
    for text in [
        "+16315551111",
        "+1 631 555 1111",
        "+1-631-555-1111",
        "+1.631.555.1111",
        "+1(631)5551111",
        "+1 (631) 555-1111",
        "+1\u{a0}631\u{a0}555\u{a0}1111",
        "+1\u{202f}631\u{202f}555\u{202f}1111",
        " \t1 631 555 1111\n",
    ] {
        assert_eq!(PhoneNumber::new(text), Ok(wanted), "{text:?}");
        assert_eq!(text.parse(), Ok(wanted));
    }
    assert_eq!(serde_json::to_string(&wanted).unwrap(), "\"+16315551111\"");
    assert_eq!(serde_json::from_str::<PhoneNumber>("\"1 631 555 1111\"").unwrap(), wanted);
}

#[test]
fn onboarding_details_whole_refuses_what_is_no_number_in_e164() {
    for (text, character) in [
        ("++16315551111", '+'),
        ("1631555+1111", '+'),
        ("+1/631/5551111", '/'),
        ("+1_631_5551111", '_'),
        ("+1 631 555 1111 x12", 'x'),
        ("+1 631 555 1111;ext=12", ';'),
        ("tel:+16315551111", 't'),
        ("+1 631 CALLNOW", 'C'),
        ("+٤٩٤٠١٢٣٤٥٦٧", '٤'),
        ("+４９４０１２３４５６７", '４'),
        ("+1\u{2013}631\u{2013}5551111", '\u{2013}'),
        ("\u{202a}+16315551111", '\u{202a}'),
    ] {
        let given = text.to_owned();
        assert_eq!(PhoneNumber::new(text), Err(PhoneNumberError::Character { character, given }), "{text}");
    }
    for text in ["0151 23456789", "+0049 40 1234567", "00494012345", "0", "(0) 151 2345678"] {
        let given = text.to_owned();
        assert_eq!(PhoneNumber::new(text), Err(PhoneNumberError::LeadingZero { given }), "{text}");
    }
    for text in ["", "  ", "+", "+ - ()", "\n"] {
        assert_eq!(PhoneNumber::new(text), Err(PhoneNumberError::Empty), "{text:?}");
    }
}

#[test]
fn core_total_reads_any_text_as_a_number_or_not() {
    let (taken, left) = (Cell::new(0), Cell::new(0));
    let law = |text: String| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match PhoneNumber::new(&text) {
            Ok(number) => {
                taken.set(taken.get() + 1);
                prop_assert_eq!(number.digits().to_string(), digits.clone());
                prop_assert_eq!(number.to_string(), format!("+{digits}"));
                prop_assert!((7..=15).contains(&digits.len()));
            }
            Err(error) => {
                left.set(left.get() + 1);
                prop_assert!(!error.to_string().is_empty());
            }
        }
        Ok(())
    };
    TestRunner::default().run(&" {0,1}[+]{0,1}[0-9]{4}[-0-9 .()]{0,14}[0-9x]{0,1}", law).unwrap();
    let (some, none) = (taken.get(), left.get());
    assert!(some * 9 >= none && none * 9 >= some, "{some} taken, {none} left");
    TestRunner::default().run(&"\\PC*", law).unwrap();
}

#[test]
fn onboarding_details_whole_takes_metas_ids_as_digits_and_keeps_them_apart() {
    for text in ["1", "0", "007", "328888869464070", &"9".repeat(100)] {
        assert_eq!(BusinessManagerId::new(text).unwrap().as_str(), text);
        assert_eq!(WabaId::new(&format!(" {text}\n")).unwrap().to_string(), text);
        let json = serde_json::to_string(&PhoneNumberId::new(text).unwrap()).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<PhoneNumberId>(&json).unwrap().as_str(), text);
    }
    for text in ["", " ", "12 34", "12-34", "+12", "12a", "١٢", "-1", "1.0"] {
        let errors = [
            (BusinessManagerId::new(text).unwrap_err(), "a business manager id"),
            (WabaId::new(text).unwrap_err(), "a WhatsApp Business account id"),
            (PhoneNumberId::new(text).unwrap_err(), "a phone number id"),
        ];
        for (error, kind) in errors {
            assert_eq!((error.kind, error.given.as_str()), (kind, text));
            assert_eq!((error.code(), error.rule()), ("meta-id-not-digits", Rule::OnboardingDetailsWhole));
        }
    }
    assert!(serde_json::from_str::<WabaId>("475722846428926").is_err());
    // Leading zeros are kept, so these are two.
    assert_ne!(WabaId::new("07").unwrap(), WabaId::new("7").unwrap());
}

#[test]
fn access_tenant_the_same_id_in_two_organisations_is_two() {
    let id = Uuid::from_u128(7);
    let (ours, theirs) = (UserId::new(ORGANISATION, id), UserId::new(OTHER_ORGANISATION, id));
    assert_ne!(ours, theirs);
    assert_eq!((ours.uuid(), ours.organisation()), (id, ORGANISATION));
    assert_eq!((theirs.uuid(), theirs.organisation()), (id, OTHER_ORGANISATION));
    assert_ne!(ChannelId::new(ORGANISATION, id), ChannelId::new(OTHER_ORGANISATION, id));
    assert_ne!(ours.to_string(), theirs.to_string());
}

#[test]
fn access_tenant_ids_come_back_from_text_and_json() {
    fn same<T>(id: &T)
    where
        T: std::fmt::Display + std::str::FromStr + PartialEq + std::fmt::Debug,
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        assert_eq!(id.to_string().parse::<T>().ok().as_ref(), Some(id));
        let json = serde_json::to_string(id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *id);
        assert!(format!("{id:?}").contains(&id.to_string()));
    }
    let law = |(organisation, id): (u128, u128)| {
        let (organisation, id) = (OrganisationId::new(Uuid::from_u128(organisation)), Uuid::from_u128(id));
        same(&organisation);
        same(&OperatorId::new(id));
        same(&CommandId::new(id));
        same(&FactId::new(id));
        same(&UserId::new(organisation, id));
        same(&TeamId::new(organisation, id));
        same(&ChannelId::new(organisation, id));
        same(&OnboardingId::new(organisation, id));
        Ok(())
    };
    TestRunner::default().run(&(proptest::num::u128::ANY, proptest::num::u128::ANY), law).unwrap();
}

#[test]
fn access_tenant_an_id_without_its_organisation_is_none() {
    let (whole, half) = (UserId::new(ORGANISATION, Uuid::from_u128(7)).to_string(), ORGANISATION.to_string());
    for text in ["", "/", &half, &format!("{half}/"), &format!("/{half}"), &format!("{whole}/{half}"), "a/b"] {
        let error = text.parse::<UserId>().unwrap_err();
        assert_eq!((error.code(), error.kind, error.given.as_str()), ("id-shape", "a user's id", text));
    }
    for text in ["", "7", &whole, "00000000-0000-0000-0000-00000000000g"] {
        let error = text.parse::<OrganisationId>().unwrap_err();
        assert_eq!((error.code(), error.kind, error.given.as_str()), ("id-shape", "an organisation's id", text));
    }
}
