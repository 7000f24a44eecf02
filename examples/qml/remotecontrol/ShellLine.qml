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
    property alias lineName: edit.objectName

    Layout.fillWidth: true
    implicitHeight: column.implicitHeight + 12
    radius: 6
    color: Theme.background
    border.width: edit.activeFocus ? 2 : 0
    border.color: Theme.accent

    Column {
        id: column

        x: 8
        y: 6
        width: parent.width - 16
        spacing: 2

        Text {
            width: parent.width
            text: line.what
            wrapMode: Text.Wrap
            color: Theme.muted
            font.pixelSize: 11
        }
        TextEdit {
            id: edit

            width: parent.width
            text: line.text
            readOnly: true
            selectByMouse: true
            // With the keyboard it is reached as a whole: Ctrl+C copies it.
            activeFocusOnTab: true
            onActiveFocusChanged: activeFocus ? selectAll() : deselect()
            color: Theme.text
            selectionColor: Theme.accent
            font.family: "monospace"
            font.pixelSize: 12
            wrapMode: TextEdit.WrapAnywhere
            Accessible.name: line.what
        }
    }
}
