// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    property address where
    property peerCredentials peer
    property signalInfo info

    name: "ValueTypes"

    function test_anAddressSaysWhatItIs() {
        where = Address.fromString("@player");
        verify(where.valid);
        compare(where.string, "@player");
        compare(where.kind, Address.Kind.Namespaced);
        compare(String(where), "@player");
        where = Address.fromString("/tmp/x");
        compare(where.kind, Address.Kind.FilePath);
        verify(where.nativeName.endsWith("/tmp/x"));
        where = Address.fromString("/" + "x".repeat(400));
        verify(!where.valid);
        compare(where.kind, Address.Kind.Invalid);
        verify(where.errorString.length > 0);
        verify(Address.runtime("name").valid);
    }

    function test_aPropertyOfAValueTypeBeginsEmpty() {
        verify(!info.valid);
        compare(info.processId, undefined);
        compare(info.code, SignalInfo.Code.Unknown);
    }

    function test_thisProcessIsKnown() {
        peer = PeerCredentials.ofThisProcess();
        verify(peer.valid);
        compare(peer.processId, Surroundings.pid);
        // By numbers on Unix, by a SID on Windows.
        const windows = Qt.platform.os === "windows";
        verify(windows ? peer.securityId.startsWith("S-1-") : peer.userId >= 0 && peer.groupId >= 0);
        verify(windows ? peer.sessionId >= 0 : peer.groupIds.length >= 0);
        compare(peer.userId === undefined, windows);
        compare(peer.securityId === undefined, !windows);
    }

    function test_featuresCanBeAskedFor() {
        compare(typeof Interprocess.isSupported(Interprocess.HalfClose), "boolean");
        compare(Interprocess.isSupported(Interprocess.HalfClose), Qt.platform.os !== "windows");
        // The last one: all before it are there with their numbers, too.
        compare(Interprocess.AbstractNames, 0);
        compare(Interprocess.PacketSockets, 8);
    }

    function test_enumerationsAreThere() {
        compare(StreamDevice.PeerClosedError, 1);
        compare(LocalSocket.ConnectedState, 3);
        compare(LocalServer.NamePolicy.TakeOverAlways, 2);
        compare(LocalServer.UserAccessOption, 1);
        compare(MessageParser.ContentLength, 2);
        compare(MessageSocket.Transport.Stream, 2);
        compare(SignalWatcher.OneShot, 4);
        compare(SignalInfo.Code.Sent, 1);
    }
}
