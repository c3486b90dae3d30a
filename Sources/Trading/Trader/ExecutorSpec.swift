/// What makes a trader's decisions.
package enum ExecutorSpec: Sendable, Equatable {
  /// A control trader with a fixed rule.
  case baseline(BaselineKind)
  /// A language model with a prompt (`kind: llm`).
  case model(ModelExecutor)
  /// A program of the user's behind an HTTP address.
  case http(HTTPExecutor)
  /// A program of the user's, started for each decision.
  case command(CommandExecutor)
  /// A kind the configuration may name but this version cannot run, for example `fusion`.
  case unavailable(kind: String)

  /// The word used for it in records and exports, for example `buy_and_hold` or `llm`.
  package var label: String {
    switch self {
    case .baseline(let kind): kind.label
    case .model: "llm"
    case .http: "http"
    case .command: "command"
    case .unavailable(let kind): kind
    }
  }

  /// The trader whose turn must come first because this one looks at it; `nil` for most.
  package var peer: TraderID? {
    switch self {
    case .baseline(.random(_, let peer)): peer
    case .baseline(.inverseOf(let peer)): peer
    case .baseline(.flat), .baseline(.buyAndHold), .baseline(.emaCross), .baseline(.momentum),
      .model, .http, .command, .unavailable:
      nil
    }
  }
}

/// A language model with a prompt.
package struct ModelExecutor: Sendable, Equatable {
  /// The model it asks; with ``cheapModel`` the strong one.
  package let model: ModelAlias
  /// The model asked while nothing is urgent (`routing: urgency`); `nil` = always ``model``.
  package let cheapModel: ModelAlias?
  /// The persona: the template of the system message.
  package let persona: PromptSource
  /// The template of the user message, rendered with what the trader sees.
  package let prompt: PromptSource
  /// How often the same question is asked, at least 1; only the first answer trades.
  package let replicas: Int

  /// A model executor from its parts.
  package init(
    model: ModelAlias, cheapModel: ModelAlias?, persona: PromptSource, prompt: PromptSource,
    replicas: Int
  ) {
    self.model = model
    self.cheapModel = cheapModel
    self.persona = persona
    self.prompt = prompt
    self.replicas = replicas
  }
}

/// A program of the user's behind an HTTP address.
package struct HTTPExecutor: Sendable, Equatable {
  /// The address the context is posted to; `/api/v1/decision` already appended.
  package let url: String

  /// An HTTP executor of an address.
  package init(url: String) { self.url = url }
}

/// A program of the user's, started for each decision without a shell.
package struct CommandExecutor: Sendable, Equatable {
  /// The path of the program and its arguments; never empty.
  package let arguments: [String]
  /// Names of the environment variables it may see besides `PATH` and `LANG`.
  package let passedVariables: [String]
  /// The folder it is started in.
  package let folder: String

  /// A command from its parts.
  package init(arguments: [String], passedVariables: [String], folder: String) {
    self.arguments = arguments
    self.passedVariables = passedVariables
    self.folder = folder
  }
}

/// A prompt template as read from its file.
package struct PromptSource: Sendable, Hashable {
  /// The path of its file as configured, for messages.
  package let path: String
  /// Its text.
  package let text: String
  /// SHA-256 of the text in hexadecimal.
  package let digest: String

  /// A template from its parts.
  package init(path: String, text: String, digest: String) {
    self.path = path
    self.text = text
    self.digest = digest
  }
}

/// The rule of a control trader.
package enum BaselineKind: Sendable, Equatable {
  /// Never trades.
  case flat
  /// Buys every coin once, with equal shares, and keeps it.
  case buyAndHold
  /// Long while the fast average of closes is above the slow one, short while below.
  case emaCross(EMACrossRule)
  /// Long the strongest coin over four hours, short the weakest.
  case momentum
  /// Seeded coin flips; with a peer, about as many entries as that trader made.
  case random(seed: UInt64, sameTurnoverAs: TraderID?)
  /// Does the opposite of another trader.
  case inverseOf(TraderID)

  /// The word used for it in the configuration, records and exports.
  package var label: String {
    switch self {
    case .flat: "flat"
    case .buyAndHold: "buy_and_hold"
    case .emaCross: "ema_cross"
    case .momentum: "momentum"
    case .random: "random"
    case .inverseOf: "inverse_of"
    }
  }
}
