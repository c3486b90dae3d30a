/// How the network is reached.
package struct LiveSettings: Sendable, Hashable {
  /// A file of certificates in PEM to trust besides those of the system's folder; `nil` = the
  /// system's alone.
  package var caFile: String?
  /// Through which proxy.
  package var proxy: ProxyChoice
  /// Connections to one host at the same time, at least 1; `nil` = no limit.
  ///
  /// Further requests wait for one; the waiting counts towards their timeout.
  package var maxConnectionsPerHost: Int?
  /// Idle connections kept for later requests, at least 1.
  package var maxIdleConnections: Int

  /// Settings from their parts.
  package init(
    caFile: String? = nil, proxy: ProxyChoice = .environment, maxConnectionsPerHost: Int? = nil,
    maxIdleConnections: Int = 100
  ) {
    self.caFile = caFile
    self.proxy = proxy
    self.maxConnectionsPerHost = maxConnectionsPerHost
    self.maxIdleConnections = maxIdleConnections
  }
}

/// Through which proxy requests go.
package enum ProxyChoice: Sendable, Hashable {
  /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
  case environment
  /// Through none, whatever the environment says.
  case none
  /// Through that one for every host, for example `http://10.0.0.1:3128`.
  case address(String)
}
