// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts
import ExampleStyle

// A line for a shell, to be copied.
Rectangle {
    id: line

    property string text
    property string what

    Layout.fillWidth: true
    implicitHeight: column.implicitHeight + 12
    radius: 6
    color: Theme.background

    Column {
        id: column

        x: 8
        y: 6
        width: parent.width - 16
        spacing: 2

        Text {
            text: line.what
            color: Theme.muted
            font.pixelSize: 11
        }
        TextEdit {
            width: parent.width
            text: line.text
            readOnly: true
            selectByMouse: true
            color: Theme.text
            selectionColor: Theme.accent
            font.family: "monospace"
            font.pixelSize: 12
            wrapMode: TextEdit.WrapAnywhere
            Accessible.name: line.what
        }
    }
}
