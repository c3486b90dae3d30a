import Trading

/// What came of an action.
struct ExchangeOutcome {
  var answer: VenueAnswer
  var signer: VenueAddress?
  var account: VenueAddress?
  var outcome: ReceivedAction.Outcome
}

/// An action whose envelope could be read.
struct Envelope {
  let action: JSONValue
  let packed: [UInt8]
  let type: String
  let nonce: UInt64
  let r: [UInt8]
  let s: [UInt8]
  let v: Int
  let vault: VenueAddress?
  let expiresAfter: UInt64?
}

extension Envelope {
  init(_ body: JSONValue) throws(SchemaFault) {
    let known = ["action", "nonce", "signature", "vaultAddress", "expiresAfter"]
    guard let members = body.members else { throw SchemaFault(problem: "expected an object") }
    if let stranger = members.first(where: { !known.contains($0.name) }) {
      throw SchemaFault(problem: "expected \(known), was \(stranger.name)")
    }
    guard let action = body["action"], case .number(let digits)? = body["nonce"],
      let nonce = UInt64(digits), let type = action["type"]?.text
    else { throw SchemaFault(problem: "expected action and nonce") }
    packed = try ActionShapes.checked(action)
    guard let signature = body["signature"], let r = Self.scalar(signature["r"]),
      let s = Self.scalar(signature["s"]), let v = signature["v"]?.whole,
      signature.members?.count == 3
    else { throw SchemaFault(problem: "expected a signature with r, s and v") }
    var vault: VenueAddress?
    if let member = body["vaultAddress"], member != .null {
      guard let text = member.text, let address = VenueAddress(text) else {
        throw SchemaFault(problem: "expected vaultAddress to be an address")
      }
      vault = address
    }
    var expiresAfter: UInt64?
    if let member = body["expiresAfter"], member != .null {
      guard case .number(let digits) = member, let at = UInt64(digits) else {
        throw SchemaFault(problem: "expected expiresAfter to be milliseconds")
      }
      expiresAfter = at
    }
    self.action = action
    self.type = type
    self.nonce = nonce
    self.r = r
    self.s = s
    self.v = v
    self.vault = vault
    self.expiresAfter = expiresAfter
  }

  /// A 256-bit number in hex, whose leading zeros may be missing.
  private static func scalar(_ value: JSONValue?) -> [UInt8]? {
    guard let text = value?.text, text.hasPrefix("0x"), text.utf8.count <= 66 else { return nil }
    let digits = text.dropFirst(2)
    return Hex.bytes(digits.utf8.count.isMultiple(of: 2) ? String(digits) : "0" + digits)
  }
}

extension VenueState {
  /// Checks and executes an action.
  mutating func exchange(_ body: JSONValue, fault: VenueFault?) -> ExchangeOutcome {
    let envelope: Envelope
    do throws(SchemaFault) {
      envelope = try Envelope(body)
    } catch {
      return ExchangeOutcome(answer: .unreadable, outcome: .unreadable(error.problem))
    }
    let now = clock.now
    let hash = SignerRecovery.actionHash(
      envelope.packed, nonce: envelope.nonce, vault: envelope.vault,
      expiresAfter: envelope.expiresAfter)
    guard
      let signer = SignerRecovery.signer(
        of: SignerRecovery.digest(of: hash, isMainnet: isMainnet), r: envelope.r, s: envelope.s,
        v: envelope.v)
    else { return refusal("Unable to recover signer.") }
    if fault == .agentRevoked { revoke(signer) }
    guard let master = master(of: signer, at: now) else {
      return refusal("User or API Wallet \(signer) does not exist.", signer: signer)
    }
    let account = envelope.vault ?? master
    guard account == master || accounts[account]?.leads(master) == true else {
      return refusal("Vault not registered: \(account)", signer: signer)
    }
    if let text = gate(envelope, signer: signer, account: account, at: now) {
      return refusal(text, signer: signer, account: account)
    }
    let answer = perform(envelope.action, type: envelope.type, for: account, fault: fault, at: now)
    let outcome = ReceivedAction.Outcome.accepted
    switch answer {
    case .success(let response):
      var sent = VenueAnswer(members(["status": .text("ok"), "response": response]))
      if fault == .duplicateNonce {
        sent = .refused("Invalid nonce: duplicate nonce \(envelope.nonce)")
      }
      return ExchangeOutcome(answer: sent, signer: signer, account: account, outcome: outcome)
    case .failure(let refused): return refusal(refused.text, signer: signer, account: account)
    }
  }

  /// What is checked of every action before it is looked at.
  private mutating func gate(
    _ envelope: Envelope, signer: VenueAddress, account: VenueAddress, at now: Timestamp
  ) -> String? {
    let count = Self.count(of: envelope.action)
    guard count <= 200 else { return "Signed action over weight limit of 200." }
    if let expiry = envelope.expiresAfter, Int64(clamping: expiry) < now.ms {
      return "Action already expired"
    }
    guard let books = accounts[account], !books.moves.isEmpty || books.rawUSD != .zero else {
      return "Must deposit before performing actions. User: \(account)"
    }
    let cap = books.requestCap
    if books.requestsUsed + count > cap, !envelope.type.hasPrefix("cancel") {
      return "Too many cumulative requests sent (\(books.requestsUsed + count) > \(cap)) for "
        + "cumulative volume traded $\(micro(books.volume)). Place taker orders to free up 1 "
        + "request per USDC traded."
    }
    if let text = nonces[signer, default: NonceBook()].take(envelope.nonce, now: now) {
      return text
    }
    accounts[account]?.requestsUsed += count
    return nil
  }

  private func refusal(
    _ text: String, signer: VenueAddress? = nil, account: VenueAddress? = nil
  ) -> ExchangeOutcome {
    ExchangeOutcome(
      answer: .refused(text), signer: signer, account: account, outcome: .refused(text))
  }

  /// Whose key it is; `nil` = nobody's, or its approval is over.
  func master(of signer: VenueAddress, at now: Timestamp) -> VenueAddress? {
    if let account = accounts[signer], account.role == .user { return signer }
    return accounts.values.sorted { $0.address < $1.address }.first { account in
      account.agents.contains { $0.address == signer && $0.validUntil > now }
    }?.address
  }

  /// Takes a key's approval away.
  mutating func revoke(_ agent: VenueAddress) {
    for address in accounts.keys { accounts[address]?.agents.removeAll { $0.address == agent } }
  }

  /// Orders or cancels of an action, 1 for others.
  static func count(of action: JSONValue) -> Int {
    let list = action["orders"] ?? action["cancels"] ?? action["modifies"]
    return max(1, list?.elements?.count ?? 1)
  }
}

extension VenueAccount {
  /// Requests it may have sent by now.
  var requestCap: Int { requestsFree + Int(volume.mantissa / exactDecimalScale) }

  /// Whether it is a vault or sub-account of a master.
  func leads(_ master: VenueAddress) -> Bool {
    switch role {
    case .user: false
    case .vault(let leader): leader == master
    case .subAccount(let owner): owner == master
    }
  }
}
