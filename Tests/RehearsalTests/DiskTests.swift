import Foundation
import Testing

extension RehearsalSuite {
  /// Needs a file system of its own to fill, which the kernel grants inside a user namespace; where
  /// it does not, the tests are skipped.
  @Suite("A disk that is full or read-only", .enabled(if: SmallDisk.canBeMounted))
  struct Disk {
    /// Runs a script with a small disk at `$DISK`; `nof0 DIR TIME` is one cycle on it.
    private func play(_ script: String) throws -> (Rehearsal, Rehearsal.Ending) {
      let stage = try Rehearsal()
      let whole = """
        set -u
        export DISK=$PWD/disk
        mkdir "$DISK" && mount -t tmpfs -o size=$SIZE tmpfs "$DISK"
        cycle() {
          "$NOF0" run --config "$CONFIG" --state "$DISK/state" --out "$1" --at "$2" 2>&1
          echo "code $?"
        }
        check() { "$NOF0" state check --state "$DISK/state" 2>&1; echo "code $?"; }
        """
      let quoted = (whole + "\n" + script).replacingOccurrences(of: "'", with: "'\\''")
      let ending = try stage.shell(
        "SIZE=400k unshare --map-root-user --mount bash -c '\(quoted)'")
      return (stage, ending)
    }

    @Test func fullIsToldAndTheNextRunGoesOn() throws {
      let (_, ending) = try play(
        """
        cycle out 2025-01-01T00:00Z
        cycle out 2025-01-01T00:03Z
        echo "-- room"
        mount -o remount,size=64m "$DISK"
        cycle out 2025-01-01T00:06Z
        check
        """)

      let parts = ending.out.components(separatedBy: "-- room\n")
      try #require(parts.count == 2, "\(ending.out)\(ending.error)")
      #expect(parts[0].contains("The disk that holds"), "\(parts[0])")
      #expect(parts[0].contains("is full"), "\(parts[0])")
      #expect(parts[0].components(separatedBy: "code 70").count == 3, "\(parts[0])")
      #expect(parts[1].contains("code 0\nThe books are whole"), "\(parts[1])")
      #expect(parts[1].hasSuffix("code 0\n"))
    }

    @Test func fullForTheExportsLeavesTheFormerGeneration() throws {
      let (_, ending) = try play(
        """
        mount -o remount,size=64m "$DISK"
        cycle "$DISK/out" 2025-01-01T00:00Z
        before=$(readlink "$DISK/out/data"; cd "$DISK/out/data" && sha256sum *.json)
        mkdir "$DISK/exports"; mount -t tmpfs -o size=40k tmpfs "$DISK/exports"
        cycle "$DISK/exports" 2025-01-01T00:03Z
        echo "-- small"
        ls -A "$DISK/exports"; readlink "$DISK/exports/data"
        after=$(readlink "$DISK/out/data"; cd "$DISK/out/data" && sha256sum *.json)
        [ "$before" = "$after" ] && echo same
        mount -o remount,size=64m "$DISK/exports"
        cycle "$DISK/exports" 2025-01-01T00:06Z
        readlink "$DISK/exports/data"
        check
        """)

      let parts = ending.out.components(separatedBy: "-- small\n")
      try #require(parts.count == 2, "\(ending.out)\(ending.error)")
      #expect(parts[0].contains("No space left on device"), "\(parts[0])")
      #expect(parts[0].hasSuffix("code 73\n"), "\(parts[0])")
      #expect(parts[1].hasPrefix(".generations\nsame\n"), "\(parts[1])")
      #expect(parts[1].contains(".generations/1\nThe books are whole"), "\(parts[1])")
    }

    @Test func readOnlyStateIsToldAndLeftAsItWas() throws {
      let (_, ending) = try play(
        """
        mount -o remount,size=64m "$DISK"
        cycle out 2025-01-01T00:00Z >/dev/null
        before=$(cd "$DISK/state" && sha256sum *)
        mount -o remount,ro "$DISK"
        cycle out 2025-01-01T00:03Z
        after=$(cd "$DISK/state" && sha256sum *)
        [ "$before" = "$after" ] && echo same
        mount -o remount,rw "$DISK"
        cycle out 2025-01-01T00:06Z
        check
        """)

      let lines = ending.out.components(separatedBy: "\n")
      #expect(lines.first?.contains("Read-only file system") == true, "\(ending.out)")
      #expect(lines.dropFirst().prefix(2) == ["code 74", "same"], "\(ending.out)")
      #expect(ending.out.contains("code 0\nThe books are whole"), "\(ending.out)")
    }
  }
}

/// A temporary file system that only one process tree sees.
enum SmallDisk {
  static let canBeMounted: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = [
      "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    // Without `unshare` there is no disk to fill, whatever the reason.
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
