package import Trading

/// What a Hyperliquid account told.
package typealias HyperliquidStanding = VenueStanding
