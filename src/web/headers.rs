//! Security headers of every response. No inline script or style anywhere, hence no nonces.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What one response may do beyond the rule.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Origin that a form of this page leads to (the provider's payment page; Chrome applies form-action to redirects).
    pub form_action: Option<String>,
    /// The address holds a token, so the next site must not learn it.
    pub hides_address: bool,
}

macro_rules! reports {
    () => {
        "/webhooks/browser-reports"
    };
}

macro_rules! policy {
    () => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; ",
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; report-uri ",
            reports!()
        )
    };
}

/// Where browsers report what they refused on a page. The same for everybody: a page from memory carries it too.
pub const REPORTS: &str = reports!();

const CSP: &str = policy!();
/// On https also in the newer form, which browsers use instead where they know it. On http it leads nowhere, and Chromium then
/// reports nothing at all.
const CSP_HTTPS: &str = concat!(policy!(), "; report-to csp");
/// What `report-to` means.
const ENDPOINTS: &str = concat!("csp=\"", reports!(), "\"");

/// The policy, with one more origin that forms may lead to.
fn content_security_policy(form_action: Option<&str>, is_https: bool) -> HeaderValue {
    let policy = if is_https { CSP_HTTPS } else { CSP };
    let more = form_action.map(|origin| policy.replace("form-action 'self'", &format!("form-action 'self' {origin}")));
    more.and_then(|policy| HeaderValue::from_str(&policy).ok()).unwrap_or(HeaderValue::from_static(policy))
}

/// Adds what every response carries; a header that is set already is left alone. What only documents heed is left out of
/// scripts, styles and pictures, of which a page has many.
pub fn secure(headers: &mut HeaderMap, policy: &Policy, is_https: bool) {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_part = ["text/css", "text/javascript", "image/"].iter().any(|part| kind.starts_with(part)) && !kind.contains("svg");
    let set = |headers: &mut HeaderMap, name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    set(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if !is_part {
        set(headers, header::CONTENT_SECURITY_POLICY, content_security_policy(policy.form_action.as_deref(), is_https));
        let referrer = if policy.hides_address { "same-origin" } else { "strict-origin-when-cross-origin" };
        set(headers, header::REFERRER_POLICY, HeaderValue::from_static(referrer));
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        let nothing = HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()");
        set(headers, HeaderName::from_static("permissions-policy"), nothing);
        if is_https {
            set(headers, HeaderName::from_static("reporting-endpoints"), HeaderValue::from_static(ENDPOINTS));
        }
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
