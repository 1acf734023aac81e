//! The list of routes, kept as data so that the access test can walk it.

use actix_web::guard;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Responder, Route};

/// One method of one address.
pub struct RouteEntry {
    /// GET (which answers HEAD as well) or POST.
    pub method: Method,
    /// The pattern, such as `/{event}/register`.
    pub pattern: &'static str,
    route: Route,
}

/// Routes in the order in which they are tried; fixed words come before `{event}`.
#[derive(Default)]
pub struct RouteTable {
    entries: Vec<RouteEntry>,
}

impl RouteTable {
    /// Answers GET and HEAD of `pattern`.
    pub fn get<H, Args>(&mut self, pattern: &'static str, handler: H)
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler);
        self.entries.push(RouteEntry { method: Method::GET, pattern, route });
    }

    /// Answers POST of `pattern`.
    pub fn post<H, Args>(&mut self, pattern: &'static str, handler: H)
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let route = web::post().to(handler);
        self.entries.push(RouteEntry { method: Method::POST, pattern, route });
    }

    /// Method and pattern of every route, for the access test.
    pub fn listed(&self) -> impl Iterator<Item = (&Method, &'static str)> {
        self.entries.iter().map(|entry| (&entry.method, entry.pattern))
    }

    /// Hands the routes to actix. Several methods of one pattern become one resource, so that a
    /// wrong method is answered 405 and not with the next pattern that happens to fit.
    pub fn configure(self, config: &mut ServiceConfig) {
        let mut resources: Vec<(&'static str, actix_web::Resource)> = Vec::new();
        for entry in self.entries {
            let known = resources.iter().position(|(pattern, _)| *pattern == entry.pattern);
            let (pattern, resource) = match known {
                Some(index) => resources.remove(index),
                None => (entry.pattern, web::resource(entry.pattern)),
            };
            let place = known.unwrap_or(resources.len());
            resources.insert(place, (pattern, resource.route(entry.route)));
        }
        for (_, resource) in resources {
            config.service(resource.default_service(web::to(method_not_allowed)));
        }
    }
}

async fn method_not_allowed() -> HttpResponse {
    HttpResponse::MethodNotAllowed().finish()
}
