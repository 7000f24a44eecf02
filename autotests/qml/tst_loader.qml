// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtTest
import InterprocessQt
import TestPeers

// A Loader that changes what it has loaded while sockets are open and data is on its way.
TestCase {
    id: testCase

    property int told

    name: "Loader"

    Loader {
        id: loader

        property string name

        active: false
        // The first closes the second's connection, in the middle of what that sends.
        sourceComponent: flood
    }
    Component {
        id: flood

        QtObject {
            readonly property LocalServer server: LocalServer {
                address: loader.name
                active: true
                retry: true
                retryDelay: 1
                parser: TextParser {}
                onMessage: (connection, message) => {
                    ++testCase.told;
                    connection.send(message);
                }
            }
            readonly property LocalSocket socket: LocalSocket {
                address: loader.name
                active: true
                reconnect: true
                minimumReconnectDelay: 1
                parser: TextParser {}
                onConnected: {
                    for (let i = 0; i < 1000; ++i)
                        send("a line of some length, again and again");
                }
            }
        }
    }
    Component {
        id: switching

        QtObject {
            readonly property LocalServer server: LocalServer {
                address: loader.name
                active: true
                retry: true
                retryDelay: 1
                parser: JsonParser {}
                onMessage: (connection, message) => {
                    ++testCase.told;
                    // From inside a handler of what is unloaded by it.
                    loader.sourceComponent = flood;
                    connection.send("nobody hears this");
                }
            }
            readonly property LocalSocket socket: LocalSocket {
                address: loader.name
                active: true
                reconnect: true
                minimumReconnectDelay: 1
                parser: JsonParser {}
                onConnected: send({change: true})
            }
        }
    }

    function test_sourcesAreSwitchedAHundredTimes() {
        const before = Surroundings.descriptors();
        loader.name = Surroundings.abstractName();
        loader.active = true;
        for (let i = 0; i < 100; ++i) {
            // What is there now has a thousand lines on their way, and this one exchanges itself.
            told = 0;
            loader.sourceComponent = switching;
            tryVerify(() => told > 0 && loader.sourceComponent === flood);
        }
        loader.active = false;
        tryVerify(() => Surroundings.descriptors() <= before, 5000, Surroundings.openDescriptors());
    }

    function test_activeIsSwitchedAtOnce() {
        const before = Surroundings.descriptors();
        loader.name = Surroundings.abstractName();
        loader.sourceComponent = flood;
        for (let i = 0; i < 100; ++i) {
            loader.active = true;
            wait(i % 3);
            loader.active = false;
        }
        tryVerify(() => Surroundings.descriptors() <= before, 5000, Surroundings.openDescriptors());
    }
}
