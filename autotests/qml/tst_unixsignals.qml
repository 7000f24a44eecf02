// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

// With signals that only Unix has, and a shell that sends them.
TestCase {
    id: testCase

    name: "SignalWatcherOnUnix"

    Component {
        id: watcher

        SignalWatcher {
            // Qt Test has a handler of its own, which ends the program.
            options: SignalWatcher.NoChaining

            property list<string> log
            property var pids: []
            property list<string> problems

            onReceived: info => {
                log.push(info.name);
                pids.push(info.processId);
            }
            onErrorOccurred: problems.push(errorString)
        }
    }
    Component {
        id: program

        Program {}
    }

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function test_aSignalOfAShell() {
        const object = make(watcher, {names: ["SIGUSR1", "SIGHUP"]});
        compare(object.watchedSignals.length, 2);
        const shell = make(program);
        verify(shell.start("sh", ["-c", "kill -USR1 " + Surroundings.pid + "; kill -HUP " + Surroundings.pid]));
        tryVerify(() => object.log.length === 2);
        compare([...object.log].sort(), ["SIGHUP", "SIGUSR1"]);
        verify(object.pids[0] > 0);
    }

    function test_sendingToItself() {
        const object = make(watcher, {names: ["SIGUSR2"]});
        verify(object.sendSignal(Surroundings.pid, "SIGUSR2"));
        tryCompare(object, "log", ["SIGUSR2"]);
        compare(object.pids[0], Surroundings.pid);
        verify(object.processExists(Surroundings.pid));
    }
}
