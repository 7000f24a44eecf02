// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml

// See TestCase.qml. It counts from when it is made.
QtObject {
    id: spy

    property QtObject target
    property string signalName
    property int count
    property var signalArguments: []
    readonly property bool valid: target !== null && typeof target[signalName] === "function"

    function heard() {
        // For the array is only seen to have changed when it is another one.
        signalArguments = [...signalArguments, Array.from(arguments)];
        ++count;
    }

    Component.onCompleted: {
        if (valid)
            target[signalName].connect(spy.heard);
    }
}
