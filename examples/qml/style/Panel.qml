// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts

// A part of a window, with a title.
Rectangle {
    id: panel

    property string title
    property string note
    property string value // what it is all about, in large
    property color tint: Theme.text
    default property alias content: body.data

    color: Theme.panel
    border.color: Theme.line
    radius: Theme.radius
    implicitWidth: layout.implicitWidth + 2 * Theme.gap
    implicitHeight: layout.implicitHeight + 2 * Theme.gap

    ColumnLayout {
        id: layout

        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        RowLayout {
            visible: panel.title !== ""
            spacing: Theme.gap

            Text {
                text: panel.title
                textFormat: Text.PlainText
                color: Theme.text
                font.bold: true
                font.pixelSize: 14
                elide: Text.ElideMiddle
                Layout.fillWidth: true
            }
            Text {
                visible: text !== ""
                text: panel.value
                color: panel.tint
                font.bold: true
                font.pixelSize: 18
            }
            Text {
                text: panel.note
                color: Theme.muted
                font.pixelSize: 12
            }
        }
        ColumnLayout {
            id: body

            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gap
        }
    }
}
