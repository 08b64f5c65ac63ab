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

/// Adds what every response carries; a header that is set already is left alone. What only documents heed is left out of
/// scripts, styles and pictures, of which a page has many.
pub fn secure(headers: &mut HeaderMap, policy: &Policy, is_https: bool) {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_part = ["text/css", "text/javascript", "image/"].iter().any(|part| kind.starts_with(part)) && !kind.contains("svg");
    let form_action = policy.form_action.as_deref().unwrap_or_default();
    let csp = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self' {form_action}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    let referrer = if policy.hides_address { "same-origin" } else { "strict-origin-when-cross-origin" };
    let fixed: [(HeaderName, &str); 6] = [
        (header::CONTENT_SECURITY_POLICY, csp.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, referrer),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        let is_of_documents = name != header::X_CONTENT_TYPE_OPTIONS && name != HeaderName::from_static("cross-origin-resource-policy");
        let is_settled = headers.contains_key(&name) || is_part && is_of_documents;
        if !is_settled && let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
}
