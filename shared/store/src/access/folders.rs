//! Folders of files: read with whatever else is read, and put in place of what was read.

use super::pages::Reading;
use crate::commit::{Commit, Expression, Guard};
use crate::items::folder;
use crate::items::number;
use crate::{Store, StoreError, keys};
use domain::document::Folder;
use domain::{CitizenId, ServiceId};

impl Store {
    /// Puts a folder in place of the one that was read. Refused ([`Guard::Row`]) when it was changed meanwhile.
    pub fn put_folder(
        &self,
        commit: &mut Commit,
        citizen: CitizenId,
        service: &ServiceId,
        folder: &Folder,
    ) -> Result<(), StoreError> {
        let after = Folder { version: folder.version + 1, ..folder.clone() };
        let (_, item) = folder::to_item(citizen, service, &after)?;
        let when = match folder.version {
            0 => Expression::absent(),
            version => {
                let mut when = Expression::new();
                when.equals("v", number(version));
                when
            }
        };
        commit.put(self, Guard::Row, item, when);
        Ok(())
    }

    /// Takes a folder away that is as it was read. Refused ([`Guard::Row`]) when it was changed meanwhile.
    pub fn drop_folder(&self, commit: &mut Commit, citizen: CitizenId, service: &ServiceId, folder: &Folder) {
        let mut when = Expression::new();
        when.equals("v", number(folder.version));
        commit.delete(self, Guard::Row, &keys::folder(citizen, service), when);
    }

    /// All folders of a citizen, by service.
    pub async fn folders(&self, citizen: CitizenId) -> Result<Vec<(ServiceId, Folder)>, StoreError> {
        let pk = keys::citizen_pk(citizen);
        let items = self.listed(pk, keys::FOLDER, None, FOLDERS_MAX, Reading::Decide, |item| {
            let key = crate::Key::of(item).and_then(|key| keys::read_folder(&key));
            let (_, service) = key.ok_or_else(crate::items::unknown("key"))?;
            Ok((service, folder::from_item(Some(item))?))
        });
        Ok(items.await?.items)
    }
}

/// As many as there are services that somebody may be asked for files.
const FOLDERS_MAX: i32 = 100;

impl super::batch::Batch {
    /// A folder that nobody wrote to is empty.
    pub fn folder(&self, citizen: CitizenId, service: &ServiceId) -> Result<Folder, StoreError> {
        folder::from_item(self.item(&keys::folder(citizen, service)))
    }
}
