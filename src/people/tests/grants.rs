//! Who gives and takes what is guarded.

use super::*;

#[test]
fn what_is_guarded_is_given_and_taken_by_an_owner_alone() {
    let of = |text: &str| {
        if text.is_empty() { Roles::default() } else { Roles::parse(text).expect("roles") }
    };
    for (by, before, after, expected) in [
        ("administrator", "", "caller,seller", true),
        ("administrator", "caller", "administrator", true),
        ("administrator", "administrator", "administrator,owner", false),
        ("administrator", "caller", "caller,payroll", false),
        ("administrator", "owner", "caller", false),
        ("administrator", "payroll", "owner", false),
        ("administrator", "payroll,caller", "payroll,seller", true),
        ("payroll,administrator", "", "payroll", false),
        ("owner", "", "owner,payroll", true),
        ("owner", "owner", "caller", true),
    ] {
        assert_eq!(may_grant(of(by), of(before), of(after)), expected, "{by}: {before} to {after}");
    }
    for (by, whose, expected) in [
        ("administrator", "caller,seller", true),
        ("administrator", "administrator", true),
        ("administrator", "owner", false),
        ("administrator", "caller,payroll", false),
        ("owner", "owner,payroll", true),
    ] {
        assert_eq!(may_let_in(of(by), of(whose)), expected, "{by} lets {whose} in");
    }
}

both! {
    async fn an_administrator_makes_nobody_owner_and_opens_no_owner_s_door(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (alla, api) = (cast.client("alla").await, cast.api("alla").await);
        let mut fields = vec![("name", "A"), ("alias", "A"), ("tier", ""), ("team", "")];
        fields.extend([("role_administrator", "true"), ("role_owner", "true")]);
        let own = format!("/people/{}", cast.id("alla"));
        let refused = alla.post(&own, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Only an owner decides"), "{}", refused.body);
        let mut new = VICTOR.to_vec();
        new.push(("role_payroll", "true"));
        assert!(alla.post("/people", &new).await.body.contains("Only an owner decides"));
        for login in ["olga", "pavel"] {
            let path = format!("/people/{}", cast.id(login));
            let page = alla.get(&path).await.body;
            assert!(!page.contains("/link\"") && !page.contains("/disablement\""), "{page}");
            for press in ["link", "disablement"] {
                let refused = api.post(&format!("/api/v1{path}/{press}"), &json!({})).await;
                assert_eq!(refused.status, StatusCode::CONFLICT, "{login} {press}");
                assert!(refused.body.contains("owners-alone"), "{}", refused.body);
            }
            let act = cast.act("alla", login);
            let taken = actions::set_password(&act, cast.id(login), "a long password".to_owned());
            assert!(matches!(taken.await, Err(Error::Refused(_))), "{login}");
        }
        assert!(!cast.viewer("alla").await.user.roles.has(Role::Owner));
        let olga = cast.client("olga").await;
        assert_eq!(olga.post(&own, &fields).await.status, StatusCode::SEE_OTHER);
        assert!(cast.viewer("alla").await.user.roles.has(Role::Owner));
        let gone = olga.post(&format!("/people/{}/disablement", cast.id("pavel")), &[]).await;
        assert_eq!(gone.location.as_deref(), Some("/people"));
    }
}
