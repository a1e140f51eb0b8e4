//! `webhook.signature`

use proptest::prelude::*;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::whatsapp::delivery::{AppSecret, SignatureError};

use super::secret;

const BODY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;

/// Made by another implementation of HMAC-SHA256.
const HEADER: &str = "sha256=fb0566c509703ca466b3dfeed1de257d5ba2a54c125d1264754da062db2fca7f";

#[test]
fn webhook_signature_is_hmac_sha256_over_the_raw_bytes() {
    let verified = secret().check(BODY, HEADER).unwrap();
    assert_eq!(verified.body(), BODY);
    assert_eq!(secret().sign(BODY), HEADER);
}

#[test]
fn webhook_signature_of_an_escaped_emoji_is_over_the_escapes() {
    let escaped = br#"{"field":"messages","value":{"text":"caf\u00e9 \ud83c\udf82"}}"#;
    let header = "sha256=9520c44382b00c4e430be93ce1aecc7359b49755d25f2117e8e782b9bed09f95";
    assert!(secret().check(escaped, header).is_ok());

    let written_again = "{\"field\":\"messages\",\"value\":{\"text\":\"café 🎂\"}}";
    assert_eq!(secret().check(written_again.as_bytes(), header).unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn webhook_signature_of_an_empty_body_is_checked_like_any_other() {
    let header = "sha256=40e6d75acee1a5e110c3925876bed744bfb2fcab6ee15ecd490b0b88f8087003";
    assert!(secret().check(b"", header).is_ok());
    assert_eq!(secret().check(b"", HEADER).unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn webhook_signature_may_be_in_upper_case_hexadecimal() {
    let header = format!("sha256={}", HEADER[7..].to_uppercase());
    assert!(secret().check(BODY, &header).is_ok());
}

#[test]
fn webhook_signature_with_one_bit_flipped_in_the_body_is_refused() {
    for at in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[at / 8] ^= 1 << (at % 8);
        assert_eq!(secret().check(&body, HEADER).unwrap_err(), SignatureError::Mismatch, "bit {at}");
    }
}

#[test]
fn webhook_signature_with_one_bit_flipped_in_the_header_is_refused() {
    for at in 0..HEADER.len() * 8 {
        let mut header = HEADER.as_bytes().to_vec();
        header[at / 8] ^= 1 << (at % 8);
        let Ok(header) = String::from_utf8(header) else { continue };
        // The one bit by which a letter's two cases differ says nothing in a hexadecimal digit.
        let same = header.starts_with("sha256=") && header.eq_ignore_ascii_case(HEADER);
        assert_eq!(secret().check(BODY, &header).is_ok(), same, "bit {at}: {header}");
    }
}

#[test]
fn webhook_signature_header_of_another_shape_is_malformed() {
    let hex = &HEADER[7..];
    let longer = format!("{HEADER}0");
    let others = [
        "",
        "sha256=",
        "sha256",
        hex,
        &HEADER[..70],
        &longer,
        &format!("sha1={hex}"),
        &format!("SHA256={hex}"),
        &format!("sha256= {}", &hex[1..]),
        &format!("sha256={}g", &hex[1..]),
        &format!("sha256=+{}", &hex[1..]),
        &format!("sha256={}é", &hex[2..]),
        &format!(" {HEADER}"),
    ];
    for header in others {
        assert_eq!(secret().check(BODY, header).unwrap_err(), SignatureError::Malformed, "{header}");
    }
}

#[test]
fn webhook_signature_by_another_secret_is_refused() {
    let other = AppSecret::new("9c1e5a0b7d30").unwrap();
    assert_eq!(other.check(BODY, HEADER).unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn webhook_signature_needs_a_secret() {
    for nothing in ["", " ", "\n"] {
        assert_eq!(AppSecret::new(nothing).unwrap_err().code(), "app-secret-empty");
    }
    assert!(AppSecret::new(" 9c1e5a0b7d3f\n").unwrap().check(BODY, HEADER).is_ok());
}

#[test]
fn webhook_signature_errors_and_debug_tell_no_secret() {
    let error = secret().check(BODY, "sha256=00").unwrap_err();
    assert_eq!((error.code(), error.rule()), ("signature-malformed", Rule::WebhookSignature));
    let error = secret().check(b"", HEADER).unwrap_err();
    assert_eq!((error.code(), error.rule()), ("signature-mismatch", Rule::WebhookSignature));
    assert_eq!(error.to_string(), "the signature does not fit the body");
    assert_eq!(format!("{:?}", secret()), "AppSecret(******)");
    assert_eq!(format!("{:?}", secret().check(BODY, HEADER).unwrap()), "Verified(49 bytes)");
}

proptest! {
    #[test]
    fn webhook_signature_fits_what_it_was_made_for(body: Vec<u8>, key in "[!-~]{1,80}") {
        let secret = AppSecret::new(&key).unwrap();
        prop_assert!(secret.check(&body, &secret.sign(&body)).is_ok());
    }

    #[test]
    fn webhook_signature_check_answers_to_any_header(body: Vec<u8>, header: String) {
        prop_assert!(secret().check(&body, &header).is_err());
    }
}
