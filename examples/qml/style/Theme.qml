// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

pragma Singleton

import QtQuick

// The colours and sizes that the examples share.
QtObject {
    readonly property color background: "#11151d"
    readonly property color panel: "#191f2b"
    readonly property color raised: "#222a39"
    readonly property color line: "#2e384b"
    readonly property color text: "#e7ebf3"
    readonly property color muted: "#8d98ae"
    readonly property color accent: "#5b8def"
    readonly property color good: "#3fcf92"
    readonly property color warning: "#f2b155"
    readonly property color bad: "#ef6b73"

    readonly property int gap: 12
    readonly property int radius: 10

    // One for each of those who are shown side by side.
    function colorOf(number: int): color {
        return Qt.hsla((number * 0.381966) % 1, 0.55, 0.62, 1);
    }
}
