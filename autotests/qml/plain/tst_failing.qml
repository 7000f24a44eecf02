// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import QtTest

// Each function fails in a way of its own: the runner without Qt Quick notices them all.
TestCase {
    id: testCase

    signal happened(int number)

    name: "Failing"

    property SignalSpy spy: SignalSpy {
        target: testCase
        signalName: "happened"
    }

    function test_verify() {
        verify(false);
    }
    function test_compare() {
        compare([1, 2, {three: 3}], [1, 2, {three: 4}]);
    }
    function test_lengths() {
        compare([1, 2], [1, 2, 3]);
    }
    function test_objects() {
        compare(testCase, spy);
    }
    function test_tryVerify() {
        tryVerify(() => false, 10);
    }
    function test_tryCompare() {
        tryCompare(testCase, "name", "another", 10);
    }
    function test_exception() {
        throw new Error("not expected");
    }
    function test_warning() {
        ignoreWarning(/never comes/);
    }
    function test_spy() {
        happened(7);
        compare(spy.count, 2, "it was 1");
    }
    function test_handler() {
        const fails = () => fail("in a handler");
        happened.connect(fails);
        try {
            happened(1);
        } finally {
            happened.disconnect(fails);
        }
    }
    function test_rows_data() {
        return [{tag: "good", value: true}, {tag: "bad", value: false}];
    }
    function test_rows(data: var) {
        verify(data.value, data.tag);
    }
    // And this one does not.
    function test_passes() {
        compare([1, 2, {three: [3]}], [1, 2, {three: [3]}]);
        verify(spy.valid);
        const before = spy.count;
        happened(9);
        compare(spy.count, before + 1);
        compare(spy.signalArguments[before], [9]);
    }
}
