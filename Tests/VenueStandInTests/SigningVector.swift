/// A signature made with the official Python SDK 0.24.0 and a throw-away key.
struct SigningVector: Sendable {
  let name: String
  let action: String
  let nonce: UInt64
  let vault: String?
  let expiresAfter: UInt64?
  let isMainnet: Bool
  let actionHash: String
  let r: String
  let s: String
  let v: Int
  let signer: String
}

extension SigningVector {
  /// Ten of the 24 vectors that came with the fact sheet (signing_vectors.json).
  static let all: [SigningVector] = [
    SigningVector(
      name: "order_limit_gtc_buy_testnet",
      action: """
        {"type":"order","orders":[{"a":0,"b":true,"p":"65000","s":"0.001","r":false,"t":{"li\
        mit":{"tif":"Gtc"}}}],"grouping":"na"}
        """,
      nonce: 1794600000001, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x613df8d378623b7f08cde3c015112ad57368cdebdab4c9073c71f6977ff60550",
      r: "0xc858bfbc0509186d16d40389adcb305f370df3498ac72dab638df7cf4b57dcf6",
      s: "0x1287a10b1444cc17c8cc5bd8dda38259384915929f7037a80e81d38e3239e3eb",
      v: 28, signer: "0x4f177ae2e29033cd7407cac1233f8830b13162c1"),
    SigningVector(
      name: "order_limit_gtc_buy_mainnet_same_action",
      action: """
        {"type":"order","orders":[{"a":0,"b":true,"p":"65000","s":"0.001","r":false,"t":{"li\
        mit":{"tif":"Gtc"}}}],"grouping":"na"}
        """,
      nonce: 1794600000001, vault: nil,
      expiresAfter: nil, isMainnet: true,
      actionHash: "0x613df8d378623b7f08cde3c015112ad57368cdebdab4c9073c71f6977ff60550",
      r: "0xcaedd2c9433782d1e89c759570af00255255955f5edaa5f96ea528b7db5c3024",
      s: "0x61ab0b83742a0abd4c4836d24e26bb9520eb1f86ae5ddc025090562471376ffa",
      v: 28, signer: "0x4f177ae2e29033cd7407cac1233f8830b13162c1"),
    SigningVector(
      name: "order_trigger_sl_market",
      action: """
        {"type":"order","orders":[{"a":0,"b":false,"p":"58500","s":"0.001","r":true,"t":{"tr\
        igger":{"isMarket":true,"triggerPx":"60000","tpsl":"sl"}},"c":"0x56b1390ead0b52eb6f7\
        93e32f2d81639"}],"grouping":"na"}
        """,
      nonce: 1794600000005, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x154b9b212b823c55e41718e2cff465bcc53f368dfad0afe1653ad32b9a813fd7",
      r: "0x7318bccfa2a8f5ab2c45ba8401ed4694afe3bfb79a0b42c667971379e848acdc",
      s: "0x5b65b7b0f18c99d47c8cf58b0127e6c310a5de96e7c5581cf53721ffc321bfe8",
      v: 28, signer: "0x245494fceba62eee0fd5bff697b90912d8bfb5b0"),
    SigningVector(
      name: "order_group_positionTpsl",
      action: """
        {"type":"order","orders":[{"a":12,"b":false,"p":"0.13","s":"1500","r":true,"t":{"tri\
        gger":{"isMarket":true,"triggerPx":"0.135","tpsl":"sl"}}},{"a":12,"b":false,"p":"0.2\
        ","s":"1500","r":true,"t":{"trigger":{"isMarket":true,"triggerPx":"0.19","tpsl":"tp"\
        }}}],"grouping":"positionTpsl"}
        """,
      nonce: 1794600000008, vault: nil,
      expiresAfter: nil, isMainnet: true,
      actionHash: "0xa7067c36c6cce60506c5c64f71c0638e006d3404c37261d48e136550c26627aa",
      r: "0x63caba9ba0d6d01268b404fe8aec0faafb56a0f37aaeedfc71a526796b131ee5",
      s: "0x64991886e9e017f463d175f3473a59e6e7b8111e7203f2608950de50d325f1eb",
      v: 28, signer: "0xef0920d489d6d13b1df00293a9d3272c9f501ce9"),
    SigningVector(
      name: "cancel_one",
      action: """
        {"type":"cancel","cancels":[{"a":0,"o":62014444172}]}
        """,
      nonce: 1794600000009, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x222556430c476f80d36751c4f0254f51e554309376fd02ec7614bddbb6d82b8a",
      r: "0xb5100d6b85771ba848a5956a064223bd9138d8c7039e9ce94dd01e31d23ae2a7",
      s: "0x1128bd916cb71d5569ae6672fb5f312c0d0b110c1cbc233c0133f375358441be",
      v: 27, signer: "0x735b26fdc8449ecb7a99489925c673a8994aedff"),
    SigningVector(
      name: "cancelByCloid",
      action: """
        {"type":"cancelByCloid","cancels":[{"asset":1,"cloid":"0x000000000000000000000000000\
        0abcd"}]}
        """,
      nonce: 1794600000011, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x5bd449cb1494b01a13303bd1ec3c16250d68355dbaacc49f97c9dc232dbb1e39",
      r: "0x47e79a07682253d85122a228ad8f1f5c1c37f0b9222c156104ec6f1f882051fa",
      s: "0x73ea2ea5654bb8b2139aaf455befba77e2b2be3dca77d033e8a833830fb3dd3b",
      v: 28, signer: "0x94a78fbe40539d027673a32edf2275e24e6a00c7"),
    SigningVector(
      name: "updateLeverage_isolated_mainnet",
      action: """
        {"type":"updateLeverage","asset":12,"isCross":false,"leverage":3}
        """,
      nonce: 1794600000013, vault: nil,
      expiresAfter: nil, isMainnet: true,
      actionHash: "0x38b50dff39264531a45d9ee398419d0a68a77eb3ca7dd6f6993a401e22ee1b32",
      r: "0xedf7f08e8a8f6bd7195dbd4dc9eadc0559bb69adbc7154b52878462f61ed66aa",
      s: "0x04daa5ab76958665b0b8e78fc74fb2a9275fd0f33451fdf507f019e82a7ae517",
      v: 28, signer: "0x7f963b69600f75cd83db0e7ac585db34d1aa49e0"),
    SigningVector(
      name: "batchModify_by_cloid",
      action: """
        {"type":"batchModify","modifies":[{"oid":"0x00000000000000000000000000000001","order\
        ":{"a":1,"b":true,"p":"1105","s":"0.1","r":false,"t":{"limit":{"tif":"Gtc"}}}}]}
        """,
      nonce: 1794600000017, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x942cd3a62d385efe3878e996e4b7e1b6fd275e59f50cb85a49d3cbb905508c87",
      r: "0x89f0bd9b7d2f062152ed7b9c0b7971e1380ff6aa2ab77dfcee302c8d76af29ee",
      s: "0x441038676ca5ea6464bd5208ae265af40285de67a4c869de2e33b3487b9efccf",
      v: 27, signer: "0x91002c47e7506f9148d31448a53a5929d621f8f0"),
    SigningVector(
      name: "order_with_vault_and_expires",
      action: """
        {"type":"order","orders":[{"a":0,"b":true,"p":"64999","s":"0.002","r":false,"t":{"li\
        mit":{"tif":"Ioc"}},"c":"0x492bfdd912337553ae39576fc58c472a"}],"grouping":"na"}
        """,
      nonce: 1794600000020, vault: "0x6ca8f58285c595a692eefb7b11bcbbb6151632fd",
      expiresAfter: 1794600030000, isMainnet: true,
      actionHash: "0x17baebb9e5ef9597621eba0eedb458cf7a4dc0d763bf6f8f96262e6c2eca2d25",
      r: "0x356b284162be954a54e2d0c309ba9e70224514401337eb4a16f8937b7d12e9bd",
      s: "0x4a77472f227fd13d43e83df30dd44cc18858fcc7bf0107fc04ab91e590626553",
      v: 28, signer: "0x964aa9c01f6ea759d2ec38de302b5c4f05395f5e"),
    SigningVector(
      name: "scheduleCancel_clear",
      action: """
        {"type":"scheduleCancel"}
        """,
      nonce: 1794600000022, vault: nil,
      expiresAfter: nil, isMainnet: false,
      actionHash: "0x9de09d0c9dabb2f294597fac1f1f52aa5249c5430b3ce0e3df917410b1e4e05f",
      r: "0x0ac272c412bb208f5ea79b35ffe1dbac808854942a1daba4ffbb7e9b1fc6b3dc",
      s: "0x446159c429e61d0337c6a2885a9e3d68a45e8c752479936cfa7e67ebe6f76bec",
      v: 27, signer: "0x7c79e39b04d8fefd1d38dc2b074053125d3ebd02"),
  ]
}
