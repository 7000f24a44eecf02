// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Layouts
import ExampleStyle

RowLayout {
    id: item

    required property var modelData
    property int hostPid
    property int ownPid

    spacing: 6

    Rectangle {
        implicitWidth: 34
        implicitHeight: 34
        radius: 17
        color: Theme.colorOf(item.modelData.pid)

        Text {
            anchors.centerIn: parent
            text: (Array.from(item.modelData.name)[0] ?? "").toUpperCase() // a whole character, of however many parts
            textFormat: Text.PlainText
            color: Theme.background
            font.bold: true
            font.pixelSize: 16
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 1

        Text {
            Layout.fillWidth: true
            text: item.modelData.name
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: 14
            elide: Text.ElideRight
        }
        Text {
            Layout.fillWidth: true
            elide: Text.ElideRight
            text: "pid " + item.modelData.pid
            color: Theme.muted
            font.pixelSize: 11
        }
    }
    Tag {
        visible: item.modelData.pid === item.hostPid
        text: "host"
        tint: Theme.warning
    }
    Tag {
        visible: item.modelData.pid === item.ownPid
        text: "you"
        tint: Theme.good
    }
}
