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

    function make(component: Component, properties: var): var {
        const object = createTemporaryObject(component, testCase, properties ?? {});
        verify(object);
        return object;
    }

    function test_aSignalOfTheProgramItself() {
        const object = make(watcher, {names: ["SIGTERM", "SIGINT"]});
        compare(object.watchedSignals.length, 2);
        Surroundings.raiseTermination();
        tryCompare(object, "log", ["SIGTERM"]);
        compare(object.pids[0], Surroundings.pid);
        verify(object.processExists(Surroundings.pid));
    }

    function test_whatCannotBeWatchedIsReported() {
        const object = make(watcher, {names: ["SIGKILL", "SIGNONSENSE", "SIGTERM"]});
        tryVerify(() => object.problems.length === 2);
        verify(object.problems.some(text => text.includes("SIGNONSENSE")));
        verify(object.problems.some(text => text.includes("SIGKILL")), object.problems);
        compare(object.watchedSignals.length, 1);
    }

    function test_namesAndActiveCanBeChanged() {
        const object = make(watcher, {names: ["SIGINT"]});
        object.names = ["SIGTERM"];
        Surroundings.raiseTermination();
        tryCompare(object, "log", ["SIGTERM"]);
        object.active = false;
        compare(object.watchedSignals.length, 0);
        object.active = true;
        compare(object.watchedSignals.length, 1);
    }

    function test_whatCannotBeSentIsReported_data() {
        return [
            {tag: "nobody", pid: undefined, name: "SIGTERM", says: "undefined or NaN"},
            {tag: "fraction", pid: 1.5, name: "SIGTERM", says: "1.5 is not"},
            {tag: "group", pid: -1, name: "SIGTERM", says: "-1 is not"},
            {tag: "far too large", pid: Infinity, name: "SIGTERM", says: "inf is not"},
            {tag: "name", pid: Surroundings.pid, name: "SIGNONSENSE", says: "\"SIGNONSENSE\""},
        ];
    }

    function test_whatCannotBeSentIsReported(data: var) {
        const object = make(watcher);
        verify(!object.sendSignal(data.pid, data.name));
        tryVerify(() => object.problems.length === 1);
        verify(object.problems[0].includes(data.says), object.problems[0]);
        verify(data.tag === "name" || !object.processExists(data.pid));
    }
}
