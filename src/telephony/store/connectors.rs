//! Every statement about connectors and their extensions.

use crate::storage::{Row, Tx};
use crate::telephony::connectors::Connector;
use crate::telephony::drivers::hosted::Credentials;
use crate::vals;
use crate::values::*;

/// A connector is made.
pub(in crate::telephony) async fn insert_connector(
    tx: &mut Tx,
    org: OrgId,
    connector: &Connector,
    (known, by): (&Credentials, Option<UserId>),
) -> Outcome<u64> {
    tx.run(
        "insert into connectors (id, org_id, name, provider, account, secret, made_by, made_at, \
         renewed_at, zone) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        vals![
            connector.id,
            org,
            &connector.name,
            connector.provider.code(),
            &known.account,
            &known.secret,
            by,
            connector.made_at,
            &connector.zone,
        ],
    )
    .await
}

/// It is known by something else from now on; nought rows where it has ended.
pub(in crate::telephony) async fn update_credentials(
    tx: &mut Tx,
    org: OrgId,
    id: ConnectorId,
    (known, zone, now): (&Credentials, &Option<String>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update connectors set account = $3, secret = $4, zone = $5, renewed_at = $6 \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, id, &known.account, &known.secret, zone, now],
    )
    .await
}

/// It is believed no longer, and its secret is gone; nought rows where it has ended.
pub(in crate::telephony) async fn update_connector_ended(
    tx: &mut Tx,
    org: OrgId,
    id: ConnectorId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update connectors set ended_at = $3, secret = '' \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, id, now],
    )
    .await
}

/// It told something just now; written once a minute, for all that it tells goes through this row.
pub(in crate::telephony) async fn update_heard(
    tx: &mut Tx,
    org: OrgId,
    id: ConnectorId,
    now: Instant,
) -> Outcome<u64> {
    let text = "update connectors set heard_at = $3 where org_id = $1 and id = $2 \
                and (heard_at is null or heard_at < $4)";
    tx.run(text, vals![org, id, now, now.plus_ms(-MINUTE_MS)]).await
}

/// The connectors of a firm, newest first; those that have ended last.
pub(in crate::telephony) async fn list_connectors(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<Vec<Connector>> {
    tx.all(
        "select id, name, provider, account, zone, made_at, renewed_at, ended_at, heard_at \
         from connectors where org_id = $1 \
         order by case when ended_at is null then 0 else 1 end, made_at desc, id desc",
        vals![org],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(in crate::telephony) async fn find_connector(
    tx: &mut Tx,
    org: OrgId,
    id: ConnectorId,
) -> Outcome<Option<Connector>> {
    let text = "select id, name, provider, account, zone, made_at, renewed_at, ended_at, heard_at \
                from connectors where org_id = $1 and id = $2";
    tx.maybe(text, vals![org, id]).await?.as_ref().map(read).transpose()
}

/// Whose connector it is and what it is known by, whoever asks: its address is all that a provider
/// knows. One that has ended is none.
pub(in crate::telephony) async fn find_believed(
    tx: &mut Tx,
    id: ConnectorId,
) -> Outcome<Option<(OrgId, Connector, Credentials)>> {
    let row = tx
        .maybe(
            "select org_id, id, name, provider, account, zone, secret, made_at, renewed_at, \
             ended_at, heard_at from connectors where id = $1 and ended_at is null",
            vals![id],
        )
        .await?;
    row.map(|row| {
        let known = Credentials { account: row.text("account")?, secret: row.text("secret")? };
        Ok((row.id("org_id")?, read(&row)?, known))
    })
    .transpose()
}

/// True where a firm has a connector that is believed.
pub(in crate::telephony) async fn has_connector(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    let text = "select id from connectors where org_id = $1 and ended_at is null limit 1";
    Ok(tx.maybe(text, vals![org]).await?.is_some())
}

fn read(row: &Row) -> Outcome<Connector> {
    Ok(Connector {
        id: row.id("id")?,
        name: row.text("name")?,
        provider: row.id("provider")?,
        account: row.text("account")?,
        zone: row.opt_text("zone")?,
        made_at: row.at("made_at")?,
        renewed_at: row.at("renewed_at")?,
        ended_at: row.opt_at("ended_at")?,
        heard_at: row.opt_at("heard_at")?,
    })
}

/// Says whose an extension is.
pub(in crate::telephony) async fn insert_extension(
    tx: &mut Tx,
    org: OrgId,
    (connector, extension): (ConnectorId, &str),
    user: UserId,
) -> Outcome<u64> {
    tx.run(
        "insert into connector_extensions (connector_id, extension, org_id, user_id) \
         values ($1, $2, $3, $4) on conflict (connector_id, extension) do update \
         set user_id = excluded.user_id",
        vals![connector, extension, org, user],
    )
    .await
}

/// It is nobody's; nought rows where it was nobody's before.
pub(in crate::telephony) async fn delete_extension(
    tx: &mut Tx,
    org: OrgId,
    (connector, extension): (ConnectorId, &str),
) -> Outcome<u64> {
    let text = "delete from connector_extensions where org_id = $1 and connector_id = $2 \
                and extension = $3";
    tx.run(text, vals![org, connector, extension]).await
}

/// The extensions of a connector, each with its person.
pub(in crate::telephony) async fn list_extensions(
    tx: &mut Tx,
    org: OrgId,
    connector: ConnectorId,
) -> Outcome<Vec<(String, UserId)>> {
    tx.all(
        "select extension, user_id from connector_extensions \
         where org_id = $1 and connector_id = $2 order by extension",
        vals![org, connector],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("extension")?, row.id("user_id")?)))
    .collect()
}

/// Whose an extension is.
pub(in crate::telephony) async fn find_extension(
    tx: &mut Tx,
    org: OrgId,
    (connector, extension): (ConnectorId, &str),
) -> Outcome<Option<UserId>> {
    let text = "select user_id from connector_extensions \
                where org_id = $1 and connector_id = $2 and extension = $3";
    tx.maybe(text, vals![org, connector, extension]).await?.map(|row| row.id("user_id")).transpose()
}
