// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick

// A word in a coloured frame.
Rectangle {
    id: tag

    property string text
    property color tint: Theme.accent

    implicitWidth: label.implicitWidth + 14
    implicitHeight: label.implicitHeight + 4
    radius: height / 2
    color: Qt.rgba(tint.r, tint.g, tint.b, 0.18)
    border.color: Qt.rgba(tint.r, tint.g, tint.b, 0.5)

    Text {
        id: label

        anchors.centerIn: parent
        width: Math.min(implicitWidth, tag.width - 14)
        elide: Text.ElideMiddle
        text: tag.text
        color: tag.tint
        font.pixelSize: 11
        font.bold: true
    }
}
