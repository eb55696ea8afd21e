"""What each tab of the page does; knows neither Gradio nor HTML templates."""
