//! Mixes what serde tells of a value into 128 bits.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Serialize, Serializer};

/// Odd numbers without a pattern: the first digits of π, e, √2 and √3.
const FACTORS: [u64; 4] = [0x2438_6a88_85a3_08d3, 0x2b7e_1516_28ae_d2a7, 0x1d41_3ccc_fe77_9921, 0x376c_f5d0_b09e_2b25];

/// Two halves that each number goes into, in order.
#[derive(Debug)]
pub(super) struct Mixer {
    left: u64,
    right: u64,
}

/// That something cannot be written. No command says so.
#[derive(Debug)]
pub(super) struct Unwritable;

impl Default for Mixer {
    fn default() -> Self {
        let [left, right, ..] = FACTORS;
        Self { left, right }
    }
}

impl Mixer {
    const fn mix(&mut self, number: u64) {
        let [a, b, c, d] = FACTORS;
        self.left = (self.left ^ number).wrapping_mul(a).rotate_left(29).wrapping_add(c);
        self.right = (self.right.rotate_left(37) ^ number).wrapping_mul(b) ^ d;
    }

    /// Its bytes, eight at a time, and how many there were.
    fn bytes(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            for (place, byte) in word.iter_mut().zip(part) {
                *place = *byte;
            }
            self.mix(u64::from_le_bytes(word));
        }
        self.mix(bytes.len() as u64);
    }

    /// Every bit depends on every bit.
    pub(super) fn finish(mut self) -> u128 {
        for _ in 0..4 {
            let (left, right) = (self.left, self.right);
            self.mix(left ^ (left >> 31) ^ right.rotate_left(17));
        }
        (u128::from(self.left) << 64) | u128::from(self.right)
    }
}

/// Text that is displayed: the same as the whole of it at once, wherever it is cut into pieces.
struct Text<'m> {
    mixer: &'m mut Mixer,
    word: u64,
    length: u64,
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.take(byte);
            self.length = self.length.wrapping_add(1);
            if self.length % 8 == 0 {
                self.mixer.mix(std::mem::take(&mut self.word));
            }
        }
        Ok(())
    }
}

impl Text<'_> {
    /// The first of eight bytes ends up lowest.
    const fn take(&mut self, byte: u8) {
        self.word = (self.word >> 8) | ((byte as u64) << 56);
    }

    fn end(mut self) {
        if self.length % 8 != 0 {
            for _ in self.length % 8..8 {
                self.take(0);
            }
            self.mixer.mix(self.word);
        }
        self.mixer.mix(self.length);
    }
}

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this cannot be written")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Numbers go in as they are, each kind of shape with a mark of its own, so that no two values run into each other.
macro_rules! numbers {
    ($($name:ident: $number:ty),*) => {
        $(fn $name(self, value: $number) -> Result<(), Unwritable> {
            self.bytes(&value.to_le_bytes());
            Ok(())
        })*
    };
}

impl Serializer for &mut Mixer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unwritable> {
        self.mix(u64::from(value));
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unwritable> {
        self.mix(u64::from(u32::from(value)));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Unwritable> {
        self.bytes(value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Unwritable> {
        self.bytes(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        self.mix(1);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        self.mix(2);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        self.mix(3);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.bytes(variant.as_bytes());
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.mix(4);
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        self.bytes(variant.as_bytes());
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.serialize_seq(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        self.bytes(variant.as_bytes());
        self.serialize_seq(None)
    }

    /// Without a text in between.
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        let mut text = Text { mixer: self, word: 0, length: 0 };
        write!(text, "{value}").map_err(|_| Unwritable)?;
        text.end();
        Ok(())
    }
}

macro_rules! elements {
    ($($kind:ident: $element:ident),*) => {
        $(impl ser::$kind for &mut Mixer {
            type Ok = ();
            type Error = Unwritable;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                self.mix(6);
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.mix(7);
                Ok(())
            }
        })*
    };
}

elements! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
}

macro_rules! fields {
    ($($kind:ident),*) => {
        $(impl ser::$kind for &mut Mixer {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unwritable> {
                self.bytes(key.as_bytes());
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.mix(7);
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut Mixer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.mix(7);
        Ok(())
    }
}
