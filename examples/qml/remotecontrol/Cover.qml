// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import ExampleStyle

// A picture for a track, made of its name.
Rectangle {
    id: cover

    property string title
    property int number
    property bool turning

    radius: 14
    clip: true
    gradient: Gradient {
        GradientStop {
            position: 0
            color: Theme.colorOf(cover.number * 3 + 1)
        }
        GradientStop {
            position: 1
            color: Qt.darker(Theme.colorOf(cover.number * 3 + 2), 2.2)
        }
    }

    Rectangle {
        id: disc

        anchors.centerIn: parent
        width: parent.width * 0.72
        height: width
        radius: width / 2
        color: "#15181f"

        Repeater {
            model: 5

            Rectangle {
                required property int index

                anchors.centerIn: parent
                width: disc.width * (0.92 - index * 0.11)
                height: width
                radius: width / 2
                color: "transparent"
                border.color: "#2b303b"
            }
        }
        Rectangle {
            anchors.centerIn: parent
            width: parent.width * 0.36
            height: width
            radius: width / 2
            color: Theme.colorOf(cover.number * 3 + 1)

            Text {
                anchors.centerIn: parent
                text: cover.title.split(" ").map(word => word.charAt(0)).join("")
                color: "#15181f"
                font.pixelSize: parent.width * 0.32
                font.bold: true
            }
        }
        RotationAnimator on rotation {
            from: 0
            to: 360
            duration: 4000
            loops: Animation.Infinite
            running: true
            paused: !cover.turning
        }
    }
}
