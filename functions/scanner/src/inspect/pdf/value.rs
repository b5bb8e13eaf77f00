//! What a PDF is made of (ISO 32000-2, 7.3).

/// A value. Names and texts are as they mean, with their escapes undone.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Also true and false, of which nothing here depends.
    Null,
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Value>),
    Dict(Dict),
    /// The number of an object.
    Ref(u32),
}

/// Keys and their values, in order, also when a key stands there twice: readers differ in which they take.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dict(pub Vec<(Vec<u8>, Value)>);

impl Dict {
    /// The last value of a key.
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        self.0.iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    pub fn times(&self, key: &[u8]) -> usize {
        self.0.iter().filter(|(own, _)| own == key).count()
    }

    pub fn has_name(&self, key: &[u8], name: &[u8]) -> bool {
        self.get(key).and_then(Value::name) == Some(name)
    }
}

impl Value {
    pub fn name(&self) -> Option<&[u8]> {
        if let Value::Name(name) = self { Some(name) } else { None }
    }

    pub fn number(&self) -> Option<f64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    /// A whole number of at least 0.
    pub fn count(&self) -> Option<usize> {
        let number = self.number()?;
        let whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        whole.then_some(number as usize)
    }

    pub fn dict(&self) -> Option<&Dict> {
        if let Value::Dict(dict) = self { Some(dict) } else { None }
    }

    pub fn array(&self) -> Option<&[Value]> {
        if let Value::Array(values) = self { Some(values) } else { None }
    }
}
