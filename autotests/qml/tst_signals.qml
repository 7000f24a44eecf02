// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest
import InterprocessQt
import TestPeers

TestCase {
    id: testCase

    name: "SignalWatcher"

    Component {
        id: watcher

        SignalWatcher {
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

    function test_whatCannotBeWatchedIsReported() {
        const object = make(watcher, {names: ["SIGKILL", "SIGNONSENSE", "SIGUSR1"]});
        tryVerify(() => object.problems.length === 2);
        verify(object.problems.some(text => text.includes("SIGNONSENSE")));
        verify(object.problems.some(text => text.includes("SIGKILL")), object.problems);
        compare(object.watchedSignals.length, 1);
    }

    function test_namesAndActiveCanBeChanged() {
        const object = make(watcher, {names: ["SIGUSR1"]});
        object.names = ["SIGUSR2"];
        object.sendSignal(Surroundings.pid, "SIGUSR2");
        tryCompare(object, "log", ["SIGUSR2"]);
        object.active = false;
        compare(object.watchedSignals.length, 0);
        object.active = true;
        compare(object.watchedSignals.length, 1);
    }
}
