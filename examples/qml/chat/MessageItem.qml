// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import ExampleStyle

// What somebody has said, or what has happened.
Item {
    id: item

    required property string kind
    required property string name
    required property int pid
    required property string text
    required property string time
    property int ownPid

    readonly property bool own: pid === ownPid
    readonly property bool isSpeech: kind === "said"

    implicitHeight: isSpeech ? bubble.height : notice.height

    Text {
        id: notice

        visible: !item.isSpeech
        width: parent.width
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
        color: Theme.muted
        font.pixelSize: 12
        text: {
            switch (item.kind) {
            case "joined":
                return "%1 (process %2) has come in".arg(item.name).arg(item.pid);
            case "left":
                return "%1 (process %2) has left".arg(item.name).arg(item.pid);
            case "renamed":
                return "%1 is now called %2".arg(item.name).arg(item.text);
            default:
                return item.text;
            }
        }
    }

    Rectangle {
        id: bubble

        visible: item.isSpeech
        x: item.own ? item.width - width : 0
        width: Math.min(item.width * 0.75, Math.max(head.implicitWidth, body.implicitWidth) + 28)
        height: column.height + 18
        radius: 14
        color: item.own ? Theme.accent : Theme.raised

        Column {
            id: column

            x: 14
            y: 9
            width: parent.width - 28
            spacing: 3

            Text {
                id: head

                width: parent.width
                elide: Text.ElideRight
                textFormat: Text.PlainText
                text: (item.own ? "" : item.name + "  ·  ") + item.time
                color: item.own ? "#d5e2ff" : Theme.colorOf(item.pid)
                font.pixelSize: 11
            }
            Text {
                id: body

                width: parent.width
                textFormat: Text.PlainText
                text: item.text
                color: item.own ? "white" : Theme.text
                wrapMode: Text.Wrap
                font.pixelSize: 14
            }
        }
    }
}
