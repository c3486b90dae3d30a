import CZlib

/// One gzip member (RFC 1952) of a journal file, which proves itself.
///
/// Its extra field, subfield `N0`, holds the number and the cycle of its record, how long it is,
/// and the SHA-256 digest of all its other bytes. So each byte of a file is proven, those that gzip
/// does not look at too; a member is skipped without being unpacked; and the next whole one is
/// found behind a damaged one. `zcat` reads such files as any other.
struct JournalMember {
  /// Where it begins in its file.
  let offset: Int
  /// Where it ends.
  let end: Int
  /// The number of its record.
  let seq: Int64
  /// The cycle of its record.
  let cycle: Int64

  /// Bytes before what is packed.
  static let headBytes = 68
  /// What each member begins with: gzip, deflate, an extra field, no time, no level, no system.
  static let magic: [UInt8] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255, 56, 0, UInt8(ascii: "N"), UInt8(ascii: "0"), 52, 0,
  ]
  /// Bytes that a member may hold once unpacked: whatever claims more is damaged.
  static let longest = 256 << 20
  private static let hashOffset = 36
  private static let tailBytes = 8
}

// MARK: - Writing

extension JournalMember {
  /// A member from what is packed, its tail included.
  fileprivate static func bytes(seq: Int64, cycle: Int64, packed: ArraySlice<UInt8>) -> [UInt8] {
    var head = magic
    append(UInt64(packed.count), 4, to: &head)
    append(UInt64(bitPattern: seq), 8, to: &head)
    append(UInt64(bitPattern: cycle), 8, to: &head)
    return head + RecordHash(of: head[...], packed).bytes + packed
  }

  fileprivate static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}

/// Packs members one after the other; setting zlib up costs more than packing a short record.
struct MemberPacker: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  /// Level 4: on records of 30 kB as fast as level 1 within a tenth, and a tenth smaller.
  private static let level: Int32 = 4

  /// - Throws: ``JournalError/failed(operation:detail:)`` when there is no memory.
  init() throws(JournalError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, Self.level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw .failed(operation: "pack a record", detail: "zlib answers \(status)")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// A member with lines, each of which ends with a line feed.
  mutating func member(seq: Int64, cycle: Int64, lines: [UInt8]) throws(JournalError) -> [UInt8] {
    guard lines.count <= JournalMember.longest else {
      throw .failed(
        operation: "pack a record",
        detail: "expected at most \(JournalMember.longest) bytes, were \(lines.count)")
    }
    deflateReset(stream)
    let room = Int(deflateBound(stream, uLong(lines.count)))
    var status = Z_OK
    var packed = [UInt8](unsafeUninitializedCapacity: room + 8) { buffer, count in
      lines.withUnsafeBufferPointer { source in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.pointee.avail_in = UInt32(source.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(room)
        status = deflate(stream, Z_FINISH)
      }
      count = room - Int(stream.pointee.avail_out)
    }
    guard status == Z_STREAM_END else {
      throw .failed(operation: "pack a record", detail: "zlib answers \(status)")
    }
    JournalMember.append(UInt64(JournalMember.checksum(lines)), 4, to: &packed)
    JournalMember.append(UInt64(lines.count), 4, to: &packed)
    return JournalMember.bytes(seq: seq, cycle: cycle, packed: packed[...])
  }
}

// MARK: - Reading

extension JournalMember {
  /// The member that begins at an offset; `nil` when there is none that proves itself.
  init?(in file: [UInt8], at offset: Int) {
    guard offset >= 0, file.count - offset >= Self.headBytes + Self.tailBytes,
      file[offset..<offset + Self.magic.count].elementsEqual(Self.magic)
    else { return nil }
    let packedBytes = Int(Self.number(file, offset + 16, 4))
    let start = offset + Self.headBytes
    guard packedBytes >= Self.tailBytes, packedBytes <= file.count - start else { return nil }
    let hash = RecordHash(
      of: file[offset..<offset + Self.hashOffset], file[start..<start + packedBytes])
    guard file[offset + Self.hashOffset..<start].elementsEqual(hash.bytes) else { return nil }
    self.offset = offset
    end = start + packedBytes
    seq = Int64(bitPattern: Self.number(file, offset + 20, 8))
    cycle = Int64(bitPattern: Self.number(file, offset + 28, 8))
  }

  /// The first member that proves itself at or behind an offset; `nil` = none before the end.
  init?(in file: [UInt8], from offset: Int) {
    var offset = offset
    while offset + Self.headBytes <= file.count {
      if file[offset] == Self.magic[0], let member = JournalMember(in: file, at: offset) {
        self = member
        return
      }
      offset += 1
    }
    return nil
  }

  /// Its lines, each without its line feed; `nil` when it cannot be unpacked.
  func lines(in file: [UInt8]) -> [ArraySlice<UInt8>]? {
    let size = Int(Self.number(file, end - 4, 4))
    guard size <= Self.longest, size > 0 else { return nil }
    let packed = offset + Self.headBytes..<end - Self.tailBytes
    guard let text = Self.unpacked(file, packed, size: size), text.last == UInt8(ascii: "\n"),
      UInt64(Self.checksum(text)) == Self.number(file, end - Self.tailBytes, 4)
    else { return nil }
    return text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  private static func unpacked(
    _ file: [UInt8], _ packed: Range<Int>, size: Int
  ) -> [UInt8]? {
    // zlib insists on one address from beginning to end.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let structBytes = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, -15, ZLIB_VERSION, structBytes) == Z_OK else { return nil }
    defer { inflateEnd(stream) }
    var isWhole = false
    let text = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      file.withUnsafeBufferPointer { source in
        stream.pointee.next_in = source.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + packed.lowerBound)
        }
        stream.pointee.avail_in = UInt32(packed.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(size)
        isWhole =
          inflate(stream, Z_FINISH) == Z_STREAM_END && stream.pointee.avail_in == 0
          && stream.pointee.avail_out == 0
      }
      count = isWhole ? size : 0
    }
    return isWhole ? text : nil
  }

  fileprivate static func checksum(_ bytes: [UInt8]) -> UInt {
    bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  }

  private static func number(_ file: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(file[offset + $1]) << (8 * UInt64($1)) }
  }
}
