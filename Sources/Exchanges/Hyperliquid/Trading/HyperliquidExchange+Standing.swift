import Synchronization
import Trading

/// The standing of an account: its mode, who signs for it, what it pays, asked once a day.
extension HyperliquidExchange {
  /// How long what the account told is believed.
  static let standingLifetime = Span.day
  /// Requests left below which people are told.
  static let fewRequests = 1000
  /// Requests left below which no position is opened: the rest is for closing.
  static let tooFewRequests = 100

  /// The standing, asked when it is not of today, not good, or in doubt.
  ///
  /// One that stands in the way is asked anew in every cycle, so that what was mended is seen.
  func standing(at now: Timestamp) async throws(ExchangeError) -> VenueStanding {
    let isDoubtful = course.withLock { $0.doubtsStanding }
    if !isDoubtful, let kept = try keptStanding() {
      let isOfToday = kept.checkedAt <= now && now - kept.checkedAt < Self.standingLifetime
      if kept.checkedAt == now || isOfToday && isGood(kept) { return kept }
    }
    return try await askStanding(at: now)
  }

  /// The standing as far as it is known, asked only when it never was.
  func anyStanding(at now: Timestamp) async throws(ExchangeError) -> VenueStanding {
    if let kept = try keptStanding() { return kept }
    return try await askStanding(at: now)
  }

  /// Throws unless the account keeps its money where it is looked for.
  ///
  /// When the venue does not answer, what it told before counts.
  func refuseUnsupportedMode(at now: Timestamp) async throws(ExchangeError) {
    let mode: String
    do throws(ExchangeError) {
      mode = try await standing(at: now).mode
    } catch {
      guard let kept = try keptStanding() else { throw error }
      mode = kept.mode
    }
    guard Self.isSupported(mode: mode) else {
      throw refused("account \(access.account)", Self.advice(onMode: mode))
    }
  }

  /// Whether the perpetuals account alone tells the equity in that mode (fact sheet §8).
  static func isSupported(mode: String) -> Bool { mode == "disabled" || mode == "default" }

  /// What to do about a mode that is not supported.
  static func advice(onMode mode: String) -> String {
    "the account is in the mode \"\(mode)\", in which its equity is not in its perpetuals account. "
      + "Switch it off in the venue's settings (account mode: standard, not unified or portfolio "
      + "margin), then run again; nothing is traded until then"
  }

  /// Remembers that the next run, and the next cycle of this one, must ask the standing anew.
  ///
  /// Failing to write it down is not worth more than a repeated refusal: the order is settled.
  func doubtStanding() {
    let known = course.withLock { course in
      course.doubtsStanding = true
      return course.standing
    }
    // The next refusal doubts it again, so an unwritten doubt costs one more refused order.
    guard let known = known ?? (try? keptStanding()) else { return }
    // Likewise.
    try? memory.keepStanding(access.account, known.outdated)
  }

  private func keptStanding() throws(ExchangeError) -> VenueStanding? {
    if let known = course.withLock({ $0.standing }) { return known }
    let kept = try remembering("the account's standing") {
      try memory.standing(access.account)
    }
    course.withLock { $0.standing = kept }
    return kept
  }

  /// The address of the present key; empty = there is none.
  private var signerName: String { access.key?.address.description ?? "" }

  /// Whether it is about the present key, and nothing in it stands in the way of trading.
  private func isGood(_ standing: VenueStanding) -> Bool {
    guard standing.signer == signerName else { return false }
    guard Self.isSupported(mode: standing.mode) else { return false }
    switch standing.role {
    case .agent: return true
    case .master: return access.allowsMasterKey || access.key == nil
    case .stranger: return access.key == nil
    case .absent: return access.key == nil
    }
  }

  private func askStanding(at now: Timestamp) async throws(ExchangeError) -> VenueStanding {
    let address = access.queryAddress
    let mode = try await asking("the account mode") { () async throws(InfoError) in
      try await info.userAbstraction(address)
    }
    let found = try await signer()
    let fees = try await asking("the fees") { () async throws(InfoError) in
      try await info.fees(address)
    }
    let budget = try await asking("the requests left") { () async throws(InfoError) in
      try await info.rateLimit(address)
    }
    let left = budget.cap + (budget.surplus ?? 0) - budget.used
    let standing = VenueStanding(
      checkedAt: now, mode: mode, role: found.role, signer: signerName,
      approvedUntil: found.approvedUntil,
      takerFee: fees.taker, makerFee: fees.maker)
    // Where requests run out, the next run must look again.
    let kept = left < Self.fewRequests ? standing.outdated : standing
    try remembering("the account's standing") {
      try memory.keepStanding(access.account, kept)
    }
    course.withLock { course in
      course.standing = standing
      course.owner = found.owner
      course.requestsLeft = left
      course.doubtsStanding = false
    }
    return standing
  }

  /// Who signs for the account, asked as cheaply as possible.
  private func signer() async throws(ExchangeError) -> Signer {
    guard let key = access.key else { return Signer(role: .absent) }
    let main = access.mainAddress
    if key.address == main { return Signer(role: .master, owner: try await owner(of: main)) }
    let agents = try await asking("the agents") { () async throws(InfoError) in
      try await info.extraAgents(main)
    }
    if let agent = agents.first(where: { $0.address == key.address }) {
      return Signer(role: .agent, approvedUntil: agent.validUntil)
    }
    // An agent without a name is not in that list.
    if try await owner(of: key.address) == main { return Signer(role: .agent) }
    return Signer(role: .stranger, owner: try await owner(of: main))
  }

  /// Whose agent an address is; `nil` = nobody's.
  private func owner(
    of address: EthereumAddress
  ) async throws(ExchangeError) -> EthereumAddress? {
    let role = try await asking("the role of \(address)") { () async throws(InfoError) in
      try await info.role(address)
    }
    switch role {
    case .agent(let owner): return owner
    case .user, .vault, .subAccount, .missing: return nil
    }
  }

  /// Who signs for an account.
  private struct Signer {
    let role: VenueStanding.SignerRole
    var approvedUntil: Timestamp?
    /// Whose agent the main address is.
    var owner: EthereumAddress?
  }
}

extension VenueStanding {
  /// The same, as if it had been asked long ago: nothing of it is certain any more.
  var outdated: VenueStanding {
    VenueStanding(
      checkedAt: Timestamp(ms: 0), mode: mode, role: role, signer: signer,
      approvedUntil: approvedUntil,
      takerFee: takerFee, makerFee: makerFee)
  }
}
