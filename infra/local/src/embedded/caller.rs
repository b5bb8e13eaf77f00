//! On whose behalf a request is made: a function, held to what its role allows.

use super::faults::Service;
use super::ledger::Ledger;
use super::uses::uses;
use super::{Answer, letters, objects};
use crate::template::{Bucket, Function, Statement};
use serde_json::Value;
use std::collections::BTreeMap;

/// A function of the template.
#[derive(Debug)]
pub(crate) struct Caller {
    package: String,
    rights: Option<Vec<Statement>>,
}

impl Caller {
    pub fn of(function: &Function) -> Self {
        Self { package: function.package.clone(), rights: function.rights.clone() }
    }

    pub fn package(&self) -> &str {
        &self.package
    }

    /// Refuses what the role does not allow, as the real services do, and writes down the rest.
    pub fn admit(
        &self,
        service: Service,
        operation: &str,
        request: &Value,
        ledger: &Ledger,
        buckets: &BTreeMap<String, Bucket>,
    ) -> Result<(), Answer> {
        let Some(uses) = uses(service, operation, request, buckets) else {
            return Err(self.denied(service, &format!("{operation}, of which nobody knows the right")));
        };
        if let Some(rights) = &self.rights
            && let Some(one) = uses.iter().find(|one| !rights.iter().any(|right| right.allows(one)))
        {
            return Err(self.denied(service, &one.to_string()));
        }
        ledger.add(&self.package, &uses);
        Ok(())
    }

    /// Said aloud too: on AWS it would be found out only there.
    fn denied(&self, service: Service, what: &str) -> Answer {
        let message = format!("{} is not authorized to perform {what}", self.package);
        tracing::error!("{message}: see its role in the template");
        match service {
            Service::Table => Answer::refusal(400, "com.amazon.coral.service#AccessDeniedException", message),
            Service::Sms => letters::xml_refusal("AuthorizationError", &message),
            Service::Files => objects::refusal(403, "AccessDenied", &message),
            _ => Answer::refusal(400, "AccessDeniedException", message),
        }
    }
}
