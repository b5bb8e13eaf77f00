//! What the template's roles allow, and whether that covers what somebody does.

use super::intrinsics::Names;
use super::node::{Node, Refusal};
use std::collections::BTreeMap;

/// One statement of a role: actions on resources, under conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub actions: Vec<String>,
    pub resources: Resources,
    /// Key of the request's context → the values of which it must have one.
    pub conditions: BTreeMap<String, Vec<String>>,
}

/// Names of resources, `*` standing for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resources {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

/// One thing done to the outside, as rights speak of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// `dynamodb:PutItem`.
    pub action: String,
    pub resource: String,
    /// What conditions may ask for: `kms:EncryptionContext:purpose` → `links`.
    pub context: BTreeMap<String, String>,
}

impl std::fmt::Display for Use {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.action, self.resource)?;
        self.context.iter().try_for_each(|(key, value)| write!(f, ", {key} = {value}"))
    }
}

impl Statement {
    pub fn allows(&self, one: &Use) -> bool {
        let covers = |names: &[String]| names.iter().any(|name| like(name, &one.resource));
        let resource = match &self.resources {
            Resources::Only(names) => covers(names),
            Resources::AllBut(names) => !covers(names),
        };
        let met = |(key, values): (&String, &Vec<String>)| {
            one.context.get(key).is_some_and(|value| values.contains(value))
        };
        resource && self.actions.contains(&one.action) && self.conditions.iter().all(met)
    }
}

/// Whether a name fits a pattern, as IAM has it.
fn like(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|behind| {
            let mut ends = (0..=behind.len()).filter(|at| behind.is_char_boundary(*at));
            ends.any(|at| like(rest, &behind[at..]))
        }),
    }
}

/// The statements of a role.
pub(super) fn role(node: &Node<'_>, names: &Names) -> Result<Vec<Statement>, Refusal> {
    let mut resource = node.fields()?;
    resource.ignore(&["Type", "DependsOn"]);
    let mut properties = resource.need("Properties")?.fields()?;
    resource.finish()?;
    // Who may take on the role is between Lambda and IAM.
    properties.ignore(&["AssumeRolePolicyDocument", "Description", "PermissionsBoundary", "Tags"]);
    let mut statements = Vec::new();
    for policy in properties.need("Policies")?.list()? {
        let mut policy = policy.fields()?;
        policy.ignore(&["PolicyName"]);
        let mut document = policy.need("PolicyDocument")?.fields()?;
        policy.finish()?;
        document.need("Version")?.only("2012-10-17")?;
        for one in document.need("Statement")?.list()? {
            statements.push(statement(&one, names)?);
        }
        document.finish()?;
    }
    properties.finish()?;
    Ok(statements)
}

fn statement(node: &Node<'_>, names: &Names) -> Result<Statement, Refusal> {
    let mut fields = node.fields()?;
    fields.need("Effect")?.only("Allow")?;
    let action = fields.need("Action")?;
    let actions = texts(&action, names)?;
    if let Some(wide) = actions.iter().find(|action| action.contains('*')) {
        return Err(action.refuse(format!("{wide} is not one action; name each")));
    }
    let resources = match (fields.take("Resource"), fields.take("NotResource")) {
        (Some(only), None) => Resources::Only(texts(&only, names)?),
        (None, Some(but)) => Resources::AllBut(texts(&but, names)?),
        _ => return Err(node.refuse("must have either Resource or NotResource")),
    };
    let mut conditions = BTreeMap::new();
    if let Some(condition) = fields.take("Condition") {
        let mut operators = condition.fields()?;
        for (key, values) in operators.need("StringEquals")?.fields()?.drain() {
            conditions.insert(key.to_owned(), texts(&values, names)?);
        }
        operators.finish()?;
    }
    fields.finish()?;
    Ok(Statement { actions, resources, conditions })
}

/// One text or a list of texts.
fn texts(node: &Node<'_>, names: &Names) -> Result<Vec<String>, Refusal> {
    match node.value.is_sequence() {
        true => node.list()?.iter().map(|one| names.text_or_open(one)).collect(),
        false => Ok(vec![names.text_or_open(node)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(action: &str, resource: &str, purpose: &str) -> Use {
        let context = BTreeMap::from([("purpose".to_owned(), purpose.to_owned())]);
        Use { action: action.into(), resource: resource.into(), context }
    }

    #[test]
    fn a_statement_allows_its_actions_on_its_resources_under_its_conditions() {
        let mut statement = Statement {
            actions: vec!["kms:Decrypt".into()],
            resources: Resources::Only(vec!["arn:key/*".into()]),
            conditions: BTreeMap::from([("purpose".into(), vec!["links".into(), "codes".into()])]),
        };
        assert!(statement.allows(&one("kms:Decrypt", "arn:key/1", "codes")));
        assert!(!statement.allows(&one("kms:Encrypt", "arn:key/1", "codes")));
        assert!(!statement.allows(&one("kms:Decrypt", "arn:other/1", "codes")));
        assert!(!statement.allows(&one("kms:Decrypt", "arn:key/1", "personal")));
        statement.resources = Resources::AllBut(vec!["arn:key/*".into()]);
        assert!(!statement.allows(&one("kms:Decrypt", "arn:key/1", "codes")));
        assert!(statement.allows(&one("kms:Decrypt", "+7999", "codes")));
    }

    #[test]
    fn a_star_stands_for_anything() {
        assert!(like("a:*:c", "a:b:c") && like("a:*:c", "a::c") && like("*", "") && like("a*", "aé"));
        assert!(!like("a:*:c", "a:b") && !like("a", "ab") && !like("*b", "a"));
    }
}
