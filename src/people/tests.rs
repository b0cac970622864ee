use super::*;

#[test]
fn roles_are_read_and_written_as_a_list() {
    let hunter = Roles::parse("caller,seller,service").expect("known roles");
    assert!(hunter.has(Role::Seller) && !hunter.has(Role::Owner));
    assert_eq!(hunter.text(), "caller,seller,service");
    assert_eq!(Roles::parse("caller,king"), None);
}

use crate::both;
use crate::cast::Cast;
use axum::http::StatusCode;

both! {
    async fn a_person_signs_in_works_and_signs_out(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        actions::set_password(&act, cast.id("boris"), "correct horse".to_owned())
            .await
            .expect("a password");
        let wrong = [("login", "boris"), ("password", "wrong horse"), ("next", "")];
        let refused = cast.anonymous().post("/sign-in", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Login or password is wrong"), "{}", refused.body);
        let right = [("login", "boris"), ("password", "correct horse"), ("next", "//evil")];
        let entered = cast.anonymous().post("/sign-in", &right).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert_eq!(entered.location.as_deref(), Some("/"));
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/settings").await.status, StatusCode::OK);
        boris.post("/sign-out", &[]).await;
        let after = boris.get("/settings").await;
        assert_eq!(after.location.as_deref(), Some("/sign-in?next=%2Fsettings"));
    }

    async fn a_form_without_the_session_s_token_changes_nothing_and_gives_the_text_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        let fields = [("lang", "ru"), ("theme", "dark"), ("keys", "on"), ("_csrf", "forged")];
        let refused = boris.post("/settings", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(cast.viewer("boris").await.user.theme == "auto");
    }

    async fn a_person_shut_out_is_out_at_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/settings").await.status, StatusCode::OK);
        actions::disable_user(&cast.act("alla", "out"), cast.id("boris")).await.expect("out");
        assert_eq!(boris.get("/settings").await.status, StatusCode::SEE_OTHER);
        let last = actions::disable_user(&cast.act("alla", "out2"), cast.id("alla")).await;
        assert!(matches!(last, Err(Error::Refused(_))), "{last:?}");
    }

    async fn the_same_key_acts_once_and_another_request_under_it_is_refused(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        let dark = [("lang", "en"), ("theme", "dark"), ("keys", "on")];
        let light = [("lang", "en"), ("theme", "light"), ("keys", "on")];
        for _ in 0..2 {
            let kept = boris.post_with_key("/settings", &dark, "k").await;
            assert_eq!(kept.status, StatusCode::SEE_OTHER);
        }
        let other = boris.post_with_key("/settings", &light, "k").await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(cast.viewer("boris").await.user.theme, "dark");
    }
}
