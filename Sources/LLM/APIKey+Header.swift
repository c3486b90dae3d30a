package import Wire

extension APIKey {
  /// The header line that carries the key as a bearer token.
  package var bearer: HTTPHeader {
    HTTPHeader("Authorization", "Bearer \(secret)", isSecret: true)
  }
}
