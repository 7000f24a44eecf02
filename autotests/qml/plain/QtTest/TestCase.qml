// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml
import PlainRunner

/*
 * As much of Qt Quick Test's TestCase as our tests use, for where there is no Qt Quick: the same files of tests run with either.
 */
QtObject {
    id: testCase

    default property list<QtObject> contents
    property string name
    property var temporaryObjects: []

    function fail(message: string) {
        Runner.fail(message, new Error().stack);
        // The rest of the function does not run; also where a handler of a signal has failed the test has.
        throw new Error(Runner.failureMark);
    }

    function skip(reason: string) {
        Runner.skip(reason);
        throw new Error(Runner.failureMark);
    }

    function verify(condition: var, message: var) {
        if (!condition)
            fail("verify() of " + condition + (message === undefined ? "" : ": " + message));
    }

    function compare(actual: var, expected: var, message: var) {
        if (!areEqual(actual, expected))
            fail("compare(): " + describe(actual) + " is not " + describe(expected) + (message === undefined ? "" : ": " + message));
    }

    function tryVerify(condition: var, timeout: var, message: var) {
        if (!tryFor(condition, timeout))
            fail("tryVerify() in vain" + (message === undefined ? "" : ": " + message));
    }

    function tryCompare(object: var, property: var, expected: var, timeout: var, message: var) {
        if (!tryFor(() => areEqual(object[property], expected), timeout))
            compare(object[property], expected, message);
    }

    function wait(milliseconds: int) {
        Runner.wait(milliseconds);
    }

    function ignoreWarning(message: var) {
        Runner.ignoreWarning(message);
    }

    function createTemporaryObject(component: Component, parent: QtObject, properties: var): QtObject {
        const object = component.createObject(parent, properties ?? {});
        if (object)
            temporaryObjects.push(object);
        return object;
    }

    function tryFor(condition: var, timeout: var): bool {
        const end = Date.now() + (timeout ?? 5000);
        while (!condition()) {
            if (Date.now() >= end)
                return condition();
            Runner.wait(5);
        }
        return true;
    }

    function areEqual(a: var, b: var): bool {
        if (a === b)
            return true;
        if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
            return false;
        if (a.objectName !== undefined || b.objectName !== undefined)
            return false; // a QObject is the same, or another
        const keys = Object.keys(a);
        return a.length === b.length && keys.length === Object.keys(b).length && keys.every(key => areEqual(a[key], b[key]));
    }

    function describe(value: var): string {
        if (typeof value === "string" || typeof value === "object" && value?.objectName === undefined)
            return JSON.stringify(value);
        return String(value);
    }

    // By the runner.
    function runTests() {
        const names = [];
        for (const key in testCase) {
            if (key.startsWith("test_") && !key.endsWith("_data") && typeof testCase[key] === "function")
                names.push(key);
        }
        for (const key of names.sort()) {
            const rows = typeof testCase[key + "_data"] === "function" ? testCase[key + "_data"]() : [null];
            for (const row of rows) {
                Runner.begin(name + "::" + key + "(" + (row ? row.tag : "") + ")");
                try {
                    testCase[key](row);
                } catch (error) {
                    if (error?.message !== Runner.failureMark)
                        Runner.fail("not caught: " + error, error?.stack ?? "");
                }
                for (const object of temporaryObjects.splice(0))
                    object?.destroy();
                Runner.end();
            }
        }
    }
}
